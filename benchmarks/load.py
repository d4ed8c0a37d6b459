"""`python -m benchmarks.load [SECONDS]`: a server under load, and how its memory grows.  Not part of the tests.

The clients do what a team's tests do all day: log in, create, search, write, copy, delete, fail, send mail, take
snapshots and reset.  Memory is sampled at even intervals; it should be level after the first of them.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import requests

CLIENTS = 4
SAMPLES = 20
RESET_EVERY = 25  # turns of a client


class Client:
    """One client with a session of its own; `calls` is what it has done."""

    def __init__(self, url: str, number: int) -> None:
        self._url = url
        self._random = random.Random(number)
        self._http = requests.Session()
        self._number = number
        self.calls = 0

    def run(self, until: float) -> None:
        """Call until that time."""
        for turn in itertools.count():
            if time.monotonic() > until:
                return
            self._turn(turn)

    def _turn(self, turn: int) -> None:
        name = f"load {self._number} {turn}"
        if turn % 20 == 0:
            self._json("/web/session/authenticate", {"db": "mock", "login": "admin", "password": "admin"})
        made = self._call(
            "res.partner", "create", [{"name": name, "email": f"a{turn}@example.com", "comment": "x" * 500}]
        )
        if isinstance(made, int):
            self._call("res.partner", "write", [[made], {"name": f"{name}!", "color": turn % 10}])
            self._call("res.partner", "message_post", [[made]], {"body": "Hello", "partner_ids": [made]})
            self._call("res.partner", "copy", [[made]])
            attachment = {"name": name, "raw": "y" * 1000, "res_model": "res.partner", "res_id": made}
            self._call("ir.attachment", "create", [attachment])
        companies = {"context": {"allowed_company_ids": [1] * self._random.randrange(1, 1000)}}
        self._call("res.partner", "search_read", [[["name", "ilike", name[:9]]], ["name"]], {"limit": 20, **companies})
        self._call("res.partner", f"no_such_{turn}", [[]])
        self._call(f"no.model.{turn}", "search", [[]])
        self._http.get(f"{self._url}/path/{self._number}/{turn}", timeout=60)
        if made and turn % 3 == 0:
            self._call("res.partner", "unlink", [[made]])
        if turn % RESET_EVERY == RESET_EVERY - 1:
            self._http.post(f"{self._url}/_mock/reset", json={}, timeout=60)

    def _call(self, model: str, method: str, args: list[Any], kwargs: dict[str, Any] | None = None) -> Any:
        params = ["mock", 2, "admin", model, method, args, kwargs or {}]
        return self._json("/jsonrpc", {"service": "object", "method": "execute_kw", "args": params})

    def _json(self, path: str, params: dict[str, Any]) -> Any:
        self.calls += 1
        answer = self._http.post(f"{self._url}{path}", json={"params": params}, timeout=60).json()
        return answer.get("result")


def main(seconds: float) -> int:
    """Run the load and print the samples; exit code 1 if the second half of them grew by more than a tenth."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--fixtures", "mail"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[2]
        begun = time.monotonic()
        clients = [Client(url, number) for number in range(CLIENTS)]
        threads = [threading.Thread(target=client.run, args=[begun + seconds]) for client in clients]
        for thread in threads:
            thread.start()
        found = []
        for sample in range(1, SAMPLES + 1):
            time.sleep(max(0.0, begun + seconds * sample / SAMPLES - time.monotonic()))
            found.append(_megabytes(server.pid))
            print(
                f"{seconds * sample / SAMPLES:6.0f} s {found[-1]:7.1f} MB {sum(c.calls for c in clients):9} calls",
                flush=True,
            )
        for thread in threads:
            thread.join()
        server.terminate()
    middle, end = max(found[: SAMPLES // 2]), max(found[SAMPLES // 2 :])
    print(json.dumps({"first half": middle, "second half": end, "growth": round(end / middle, 3)}))
    return 1 if end > 1.1 * middle else 0


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0))
