"""Sources of a pull: a live server, with a rate limit and a checkpoint file, or a local database."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import NotOdoo, RemoteError
from mockserver.orm.database import Database
from mockserver.saving import CannotWrite
from mockserver.services.call import Call, execute

# (model, method, args, kwargs) → value
Ask = Callable[[str, str, Sequence[Any], Mapping[str, Any]], Any]


class PullError(Exception):
    """The pull is impossible; the message is one line."""


class Progress(Protocol):
    """A callback for progress: `done` records of a `total` that grows while references are followed."""

    def __call__(self, done: int, total: int) -> None: ...


def local_source(database: Database) -> Ask:
    """Return a source that calls a local database as its administrator."""

    def ask(model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        call = Call("pull", "object", method, list(args), dict(kwargs), uid=database.profile.admin_id, model=model)
        return execute(database, call)

    return ask


class LiveSource:
    """Calls a live server, at most `rate` times a second."""

    def __init__(self, client: Client, rate: float | None = None) -> None:
        self.client = client
        self.calls = 0
        self._pause = 1 / rate if rate else 0.0
        self._next = 0.0

    def __call__(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Return the value of a call; raises `LiveError`."""
        self.wait()
        return self.client.call(model, method, args, kwargs)

    def wait(self) -> None:
        """Wait until the next call may be made."""
        now = time.monotonic()
        if self._pause and now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._pause
        self.calls += 1


class Checkpoint:
    """The results read so far, in a file next to the target, from which an interrupted pull continues.

    The first line identifies the pull; each further line is one result as JSON.  Like the fixture, the file holds no
    secrets, and with `--scrub` no personal values.
    """

    def __init__(self, path: Path, pull: Mapping[str, Any], resume: bool) -> None:
        self.path = path
        self._known: dict[str, Any] = {}
        identity = hashlib.sha256(json.dumps(pull, sort_keys=True).encode()).hexdigest()
        lines = path.read_text(encoding="utf-8").splitlines() if resume and path.is_file() else []
        if lines and _parse_json(lines[0]) != {"pull": identity}:
            raise PullError(
                f"{path} belongs to another pull: give the same options, or leave out --resume to start again"
            )
        entries = [entry for entry in map(_parse_json, lines[1:]) if entry]  # the last line may be incomplete
        self._known = {entry["key"]: entry["value"] for entry in entries}
        self.resumed = len(self._known)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
        except OSError as error:
            raise CannotWrite(path, error) from None
        for line in ({"pull": identity}, *entries):
            self._write(line)

    def once(self, key: Sequence[Any], read: Callable[[], Any]) -> Any:
        """Return the stored result of a key, or call `read` and store its result."""
        name = json.dumps(key)
        if name not in self._known:
            self._known[name] = json.loads(json.dumps(read()))
            self._write({"key": name, "value": self._known[name]})
        return self._known[name]

    def _write(self, line: Mapping[str, Any]) -> None:
        try:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise CannotWrite(self.path, error) from None

    def close(self) -> None:
        """Close the file; keep it for another run if it holds results."""
        self._end()
        if not self._known:
            self.path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Close and delete the file."""
        self._end()
        self.path.unlink(missing_ok=True)

    def _end(self) -> None:
        with contextlib.suppress(OSError):  # a full disk, which was told when a line was written
            self._file.close()


def _parse_json(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def or_none(read: Callable[[], Any]) -> Any:
    """Return the result of `read`, None if the server answers with an error: unknown model, no access, or any other."""
    try:
        return read()
    except (RemoteError, NotOdoo):
        return None
