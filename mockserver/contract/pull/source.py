"""Where a pull reads from: a live server, politely and with a memory, or a database of ours, by the same calls."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import NotOdoo, RemoteError
from mockserver.orm.database import Database
from mockserver.services.call import Call, execute

# (model, method, args, kwargs) → value
Ask = Callable[[str, str, Sequence[Any], Mapping[str, Any]], Any]


class PullError(Exception):
    """What was asked for cannot be pulled; the text is one line."""


class Progress(Protocol):
    """Is told how far a pull has come: `done` records of a `total` that grows while references are followed."""

    def __call__(self, done: int, total: int) -> None: ...


def local_source(database: Database) -> Ask:
    """The calls of a client, answered by a database of ours as its administrator gets them."""

    def ask(model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        call = Call("pull", "object", method, list(args), dict(kwargs), uid=database.profile.admin_id, model=model)
        return execute(database, call)

    return ask


class LiveSource:
    """The calls of a live server, at most `rate` a second."""

    def __init__(self, client: Client, rate: float | None = None) -> None:
        self.client = client
        self.calls = 0
        self._pause = 1 / rate if rate else 0.0
        self._next = 0.0

    def __call__(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The value; raises `LiveError`."""
        self.wait()
        return self.client.call(model, method, args, kwargs)

    def wait(self) -> None:
        """Until the next call may be made."""
        now = time.monotonic()
        if self._pause and now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._pause
        self.calls += 1


class Checkpoint:
    """What has been read so far, in a file beside the target, so that an interrupted pull goes on where it was.

    One line of JSON for each thing read; the first says of which pull.  It holds what the fixture would hold: no
    secrets, and with `--scrub` no personal values.
    """

    def __init__(self, path: Path, pull: Mapping[str, Any], resume: bool) -> None:
        self.path = path
        self._known: dict[str, Any] = {}
        identity = hashlib.sha256(json.dumps(pull, sort_keys=True).encode()).hexdigest()
        lines = path.read_text(encoding="utf-8").splitlines() if resume and path.is_file() else []
        if lines and _parse_json(lines[0]) != {"pull": identity}:
            raise PullError(f"{path} is of another pull: give the same options, or leave --resume out to begin anew")
        entries = [entry for entry in map(_parse_json, lines[1:]) if entry]  # the last line may be half a line
        self._known = {entry["key"]: entry["value"] for entry in entries}
        self.resumed = len(self._known)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        for line in ({"pull": identity}, *entries):
            self._write(line)

    def once(self, key: Sequence[Any], read: Callable[[], Any]) -> Any:
        """What `read` gives, read once in the life of the file."""
        name = json.dumps(key)
        if name not in self._known:
            self._known[name] = json.loads(json.dumps(read()))
            self._write({"key": name, "value": self._known[name]})
        return self._known[name]

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file, and leave it for another run if there is anything in it."""
        self._file.close()
        if not self._known:
            self.path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove the file: the fixture is written."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def _parse_json(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def or_none(read: Callable[[], Any]) -> Any:
    """What `read` gives, None where the server refuses it: no such model, no right, an error of its own."""
    try:
        return read()
    except (RemoteError, NotOdoo):
        return None
