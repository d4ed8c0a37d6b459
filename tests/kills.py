"""Kill a server that keeps its state in a folder, again and again, while clients write: `python -m tests.kills 100`.

Each run starts the server on what the last one left, checks that all that was answered is there and that what was not
answered is there wholly or not at all, lets clients write, and kills it (SIGKILL) after a random number of answers.
"""

from __future__ import annotations

import base64
import http.client
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

CLIENTS = 4
# the server of every other run compacts its files all the time
COMPACTING = """
from mockserver.durable.files import StateFiles
StateFiles.due = property(lambda files: files._journal.size > 40_000 and not files.compacting)
"""
SERVER = "from mockserver.cli import main; main()"


class Lost(AssertionError):
    """Something that was answered is not there, or something is there by half."""


class Client:
    """A client over JSON-RPC; a server that is gone raises OSError or http.client.HTTPException."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def post(self, path: str, params: Any, cookie: str = "") -> tuple[Any, str]:
        """The result and the cookie."""
        headers = {"Content-Type": "application/json", "Cookie": cookie}
        self._connection.request("POST", path, json.dumps({"method": "call", "params": params}), headers)
        answer = self._connection.getresponse()
        content = json.loads(answer.read())
        if "error" in content:
            raise AssertionError(content["error"]["data"]["message"])
        return content["result"], str(answer.getheader("Set-Cookie", "")).partition(";")[0]

    def close(self) -> None:
        self._connection.close()

    def service(self, service: str, method: str, *args: Any) -> Any:
        return self.post("/jsonrpc", {"service": service, "method": method, "args": args})[0]

    def call(self, model: str, method: str, *args: Any) -> Any:
        return self.service("object", "execute_kw", "mock", 2, "admin", model, method, args)


class Known:
    """What the server has answered, and what was sent without an answer, over all runs."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.partners: dict[int, tuple[str, str]] = {}
        self.attachments: dict[int, str] = {}
        self.numbers: list[str] = []
        self.databases = {"mock"}
        self.sessions: list[str] = []
        # what was in the air: names that are all there or none, values before and after, records that may be gone …
        self.created: list[set[str]] = []
        self.written: dict[int, str] = {}
        self.deleted: set[int] = set()
        self.in_the_air: set[str] = set()

    def check(self, client: Client) -> None:
        """Compare with the server, and take what was in the air as it is found."""
        self._check_partners(client)
        kept = client.call("ir.attachment", "search_read", [["id", "in", list(self.attachments)]], ["datas"])
        if {row["id"]: row["datas"] for row in kept} != self.attachments:
            raise Lost("attachments")
        if len(set(self.numbers)) != len(self.numbers):
            raise Lost(f"a number was given twice: {sorted(self.numbers)}")
        databases = set(client.service("db", "list"))
        if (databases ^ self.databases) - self.in_the_air:
            raise Lost(f"databases {databases} in place of {self.databases}")
        self.databases = databases
        for cookie in self.sessions[-5:]:
            if client.post("/web/session/get_session_info", {}, cookie)[0]["uid"] != 2:
                raise Lost("a session")
        self.created, self.written, self.deleted, self.in_the_air = [], {}, set(), set()

    def _check_partners(self, client: Client) -> None:
        rows = client.call("res.partner", "search_read", [["ref", "=like", "k%"]], ["name", "ref"])
        found = {row["id"]: (row["name"], row["ref"]) for row in rows}
        names = {name for name, _ in found.values()}
        for batch in self.created:
            if batch & names and not batch <= names:
                raise Lost(f"a part of what one call created: {batch & names} of {batch}")
        for id_, (name, ref) in self.partners.items():
            if id_ not in found and id_ not in self.deleted:
                raise Lost(f"partner {id_}, {name}")
            if id_ in found and found[id_] not in ((name, ref), (name, self.written.get(id_))):
                raise Lost(f"partner {id_}: {found[id_]} in place of {name, ref}")
        allowed = {name for batch in self.created for name in batch}
        for id_ in found.keys() - self.partners.keys():
            if found[id_][0] not in allowed:
                raise Lost(f"partner {id_} is there again: {found[id_]}")
        self.partners = found


class Writer(threading.Thread):
    """Writes until the server is gone."""

    def __init__(self, port: int, known: Known, label: str, answered: threading.Semaphore) -> None:
        super().__init__(daemon=True)
        self._client, self._known, self._label, self._answered = Client(port), known, label, answered
        self._random = random.Random(label)
        self._own: list[int] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for number in range(1_000_000):
                self._step(number)
                self._answered.release()
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            pass  # the server is gone
        except BaseException as error:
            self.error = error
        finally:
            self._client.close()
            self._answered.release(1000)  # nobody waits for a thread that has ended

    def _step(self, number: int) -> None:
        chosen = self._random.random()
        if chosen < 0.4 or not self._own:
            self._create(number)
        elif chosen < 0.7:
            self._write(number)
        elif chosen < 0.8:
            self._unlink()
        else:
            self._other(number, chosen)

    def _create(self, number: int) -> None:
        names = [f"{self._label} {number} {i}" for i in range(self._random.randint(1, 3))]
        with self._known.lock:
            self._known.created.append(set(names))
        ids = self._client.call("res.partner", "create", [{"name": name, "ref": "k0"} for name in names])
        with self._known.lock:
            self._known.created.remove(set(names))
            self._known.partners.update({id_: (name, "k0") for id_, name in zip(ids, names, strict=True)})
        self._own += ids

    def _write(self, number: int) -> None:
        id_ = self._random.choice(self._own)
        self._known.written[id_] = f"k{number}"
        self._client.call("res.partner", "write", [id_], {"ref": f"k{number}"})
        with self._known.lock:
            self._known.partners[id_] = (self._known.partners[id_][0], self._known.written.pop(id_))

    def _unlink(self) -> None:
        id_ = self._own.pop(self._random.randrange(len(self._own)))
        self._known.deleted.add(id_)
        self._client.call("res.partner", "unlink", [id_])
        with self._known.lock:
            del self._known.partners[id_]

    def _other(self, number: int, chosen: float) -> None:
        known = self._known
        if chosen < 0.9:
            known.numbers.append(self._client.call("ir.sequence", "next_by_code", "kills"))
        elif chosen < 0.96:
            datas = base64.b64encode(self._random.randbytes(3000)).decode()
            id_ = self._client.call("ir.attachment", "create", {"name": self._label, "datas": datas})
            with known.lock:
                known.attachments[id_] = datas
        elif chosen < 0.99:
            login = {"db": "mock", "login": "admin", "password": "admin"}
            known.sessions.append(self._client.post("/web/session/authenticate", login)[1])
        else:
            self._database(f"copy-{self._label.replace(' ', '-')}-{number}")

    def _database(self, name: str) -> None:
        known = self._known
        known.in_the_air.add(name)
        self._client.service("db", "duplicate_database", "admin", "mock", name)
        known.databases.add(name)
        self._client.service("db", "drop", "admin", name)
        known.databases.discard(name)
        known.in_the_air.discard(name)


def start(folder: Path, *, compacting: bool, sync: str) -> tuple[subprocess.Popen[str], int, str]:
    """A server, its port, and what it says of its folder."""
    code = (COMPACTING if compacting else "") + SERVER
    options = ["serve", "--data", str(folder), "--port", "0", "--quiet", "--sync", sync]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    ready = process.stdout.readline()
    if not ready:
        raise Lost(f"the server does not start: {process.communicate()[1]}")
    return process, int(ready.split()[2].rpartition(":")[2]), ready


def kill(process: subprocess.Popen[str]) -> str:
    """Kill the server at once; what it said on stderr."""
    process.kill()
    return process.communicate()[1]


def run(folder: Path, runs: int, seed: int = 0, sync: str = "on") -> tuple[int, int]:
    """Kill the server so often; the numbers of answers and of journal ends that were cut.  Raises `Lost`."""
    known, chance, answers, cut = Known(), random.Random(seed), 0, 0
    for number in range(runs + 1):
        process, port, _ = start(folder, compacting=number % 2 == 1, sync=sync)
        client = Client(port)
        try:
            if not number:
                client.call("ir.sequence", "create", {"name": "Kills", "code": "kills", "prefix": "K"})
            known.check(client)
            if number == runs:
                break
            answered = threading.Semaphore(0)
            writers = [Writer(port, known, f"{seed} {number} {n}", answered) for n in range(CLIENTS)]
            for writer in writers:
                writer.start()
            wanted = chance.randint(1, 80)
            for _ in range(wanted):
                answered.acquire()
            answers += wanted
        finally:
            client.close()
            cut += kill(process).count("is damaged")
        for writer in writers:
            writer.join()
            if writer.error is not None:
                raise writer.error
    return answers, cut


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    place = Path(tempfile.mkdtemp(prefix="kills-"))
    written, ends = run(place / "data", count, seed=random.randrange(1 << 30), sync=(sys.argv[2:] or ["on"])[0])
    shutil.rmtree(place)
    print(f"{count} of {count} kills lost nothing that was answered: {written} answers, {ends} torn ends of journals")
