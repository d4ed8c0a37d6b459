"""Headless Chromium over a pipe: pages that are looked at, clicked and photographed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.waiting import HANG

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# all that calls home or draws on the machine's own settings is off
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--force-color-profile=srgb", "--lang=en-US", "--remote-debugging-pipe",
)  # fmt: skip


class Browser:
    """One tab; `console` has what the page complained about: errors, exceptions, refused content.

    Source: the Chrome DevTools protocol; messages end with a zero byte, in on descriptor 3 and out on 4.
    """

    def __init__(self, profile: Path) -> None:
        assert CHROMIUM is not None
        there, self._out = os.pipe()
        self._in, here = os.pipe()
        # the descriptors have to be 3 and 4, and pass_fds keeps their numbers
        command = f'exec "$0" "$@" 3</dev/fd/{there} 4>/dev/fd/{here}'
        self._process = subprocess.Popen(
            ["sh", "-c", command, CHROMIUM, *_OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(there, here),
            stderr=subprocess.DEVNULL,
        )
        os.close(there)
        os.close(here)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.console: list[str] = []
        (target,) = (t for t in self._send("Target.getTargets")["targetInfos"] if t["type"] == "page")
        attached = self._send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._send(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._out)
        os.close(self._in)

    def screen(self, width: int, height: int, *, dark: bool = False, phone: bool = False) -> None:
        """The size of the window in CSS pixels, and what its user prefers."""
        self._send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._send("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, url: str) -> None:
        """Go there; a page is given time by `wait`."""
        self._send("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        answer = self._send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def text(self) -> str:
        """What the page shows."""
        return str(self.run("document.body.innerText"))

    def wait(self, words: str) -> None:
        """Wait until the page shows them."""
        self.until(f"document.body?.innerText.includes({json.dumps(words)})")

    def until(self, condition: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + HANG
        while not self.run(condition):
            assert time.monotonic() < end, f"never: {condition}\n{self.text()}\n{self.console}"
            time.sleep(0.05)

    def click(self, selector: str, words: str = "") -> None:
        """Click the first element of the selector that has the words."""
        wanted = f"e => e.innerText.includes({json.dumps(words)})"
        self.run(f"[...document.querySelectorAll({json.dumps(selector)})].find({wanted}).click()")

    def fill(self, selector: str, value: str) -> None:
        """Type into the first input of the selector."""
        self.run(
            f"(e => {{ e.value = {json.dumps(value)}; for (const kind of ['input', 'change'])"
            f" e.dispatchEvent(new Event(kind, {{bubbles: true}})) }})(document.querySelector({json.dumps(selector)}))"
        )

    def picture(self, file: Path) -> None:
        """The window as a PNG file."""
        file.write_bytes(base64.b64decode(self._send("Page.captureScreenshot", format="png")["data"]))

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer.get("result", {})  # type: ignore[no-any-return]
            self._note(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            piece = os.read(self._in, 1 << 20)
            assert piece, "chromium has ended"
            self._buffer += piece
        text, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(text)  # type: ignore[no-any-return]

    def _note(self, event: dict[str, Any]) -> None:
        told, given = event.get("method"), event.get("params", {})
        if told == "Runtime.exceptionThrown":
            self.console.append(str(given["exceptionDetails"]))
        elif told == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning", "assert"):
            self.console.append(str(given["args"]))
        elif told == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning"):
            self.console.append(f"{given['entry']['text']} {given['entry'].get('url', '')}")
