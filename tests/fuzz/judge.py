"""What is wrong with an answer, or with the state after it."""

from __future__ import annotations

import json
import linecache
import traceback
import xmlrpc.client
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from werkzeug.exceptions import HTTPException, InternalServerError

from mockserver.errors import DatabaseError, HTTPError, OdooError
from tests.fuzz import business, state
from tests.fuzz.reasons import reason
from tests.fuzz.sent import Sent
from tests.fuzz.state import Shadow
from tests.fuzz.target import Endless, Outcome, Target

SLOW_SECONDS = 1.0  # of the processor, for an answer of up to a million bytes
_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_PACKAGE = "/mockserver/"
_ANSWERS = (OdooError, DatabaseError, HTTPError, HTTPException)  # errors that a server gives on purpose


class Finding(NamedTuple):
    """Something wrong: `kind` and `place` say what, the same for each time it is met; `text` is for a reader."""

    kind: str
    place: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """What findings are told apart by."""
        return self.kind, self.place


class Judge:
    """Looks at the answers of a target, and at its state."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.shadow = Shadow()
        self.before = state.copies(target.database)

    def begin(self) -> None:
        """Take the present state as the one that a failed call must leave."""
        self.shadow.follow(self.target.database)

    def answer(self, sent: Sent, outcome: Outcome) -> list[Finding]:
        """Return what is wrong with an answer."""
        found = list(self._answer(sent, outcome))
        if failed_call(outcome) and not sent.raw:  # of several requests at once, some may have succeeded
            for difference in self.shadow.differences(self.target.database):
                found.append(Finding("not undone", difference, f"a failed call changed the {difference}"))
        else:
            self.begin()
        return found

    def _answer(self, sent: Sent, outcome: Outcome) -> Iterator[Finding]:
        kit = self.target.kit
        if outcome.escaped is not None:
            kind = "endless" if isinstance(outcome.escaped, Endless) else "escaped"
            yield Finding(kind, place_of(outcome.escaped), told(outcome.escaped))
        for error in kit.errors[:3]:
            yield Finding("observer", place_of(error), told(error))
        kit.errors.clear()
        if outcome.silent:
            yield Finding("no answer", "socket", "the connection stayed open without an answer")
        if outcome.seconds > SLOW_SECONDS * max(1, len(outcome.body) / 1e6):
            place = outcome.exchange.target if outcome.exchange is not None else sent.path
            yield Finding("slow", place, f"{outcome.seconds:.2f} s of the processor")
        if not sent.raw:
            yield from self._form(sent, outcome)
            yield from self._error(sent, outcome)

    def _form(self, sent: Sent, outcome: Outcome) -> Iterator[Finding]:
        """Yield what is wrong with the form of an answer."""
        if any("\n" in value or "\r" in value for _, value in outcome.headers):
            yield Finding("form", f"header of {sent.path}", repr(outcome.headers))
        if sent.verb == "HEAD" or not outcome.body:
            return
        try:
            if "json" in outcome.media:
                json.loads(outcome.body)
            elif outcome.media == "text/xml":
                drops = self.target.database.profile.rules.xml_drops_controls
                _read_xml(
                    outcome.body if drops else outcome.body.translate(None, _CONTROLS)
                )  # they are the server's own
        except ValueError as error:
            yield Finding("form", f"body of {sent.path}", f"{error}: {outcome.body[:300]!r}")

    def _error(self, sent: Sent, outcome: Outcome) -> Iterator[Finding]:
        error = cause_of(outcome)
        faults = self.target.kit.faults or self.target.kit.overrides
        if error is None or isinstance(error, _ANSWERS) or deliberate(error):
            if outcome.status == 500 and error is None and not faults:
                yield Finding("500", sent.path.partition("?")[0], outcome.body[:300].decode("utf-8", "replace"))
            return
        if reason(error, place_of(error), sent) is None:
            yield Finding(
                "error of Python",
                f"{type(error).__name__} in {place_of(error)}",
                f"{told(error)}{sent.to_data()!r:.900}\n",
            )

    def state(self, random: Random, *, flows: bool) -> list[Finding]:
        """Return what is wrong with the state of the first database."""
        database = self.target.database
        found = [
            Finding(kind, text.partition(":")[0].partition("(")[0], text)
            for kind, text in state.faults(database, self.before)
        ]
        found += [
            Finding(kind, text.partition(":")[0], text) for kind, text in state.wrong_answers(database, random, 12)
        ]
        if flows:
            found += [Finding("totals", name, text) for name, text in business.broken(database.env())]
        return found


def failed_call(outcome: Outcome) -> bool:
    """Return whether a call was performed and raised: what it did must be undone.

    An answer that cannot be written comes after the end of the transaction, here and on the real server.
    """
    error = outcome.exchange.error if outcome.exchange is not None else None
    if error is None or error.__traceback__ is None:
        return False
    frames = [frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)]
    return "perform" in frames and "render" not in frames


def cause_of(outcome: Outcome) -> BaseException | None:
    """Return the error behind an answer."""
    error: BaseException | None = outcome.exchange.error if outcome.exchange is not None else None
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        return error.original_exception
    return error


def _frames(error: BaseException) -> list[tuple[str, str, int]]:
    return [
        (frame.f_code.co_filename, frame.f_code.co_name, line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]


def place_of(error: BaseException) -> str:
    """Return the innermost function of ours in which an error was raised."""
    own = [(file, name) for file, name, _ in _frames(error) if _PACKAGE in file]
    if not own:
        return "elsewhere"
    file, name = own[-1]
    return f"{file.rpartition(_PACKAGE)[2]}:{name}"


def deliberate(error: BaseException) -> bool:
    """Return whether a line that says `raise` raised an error: the authors meant that answer."""
    frames = _frames(error)
    if not frames:
        return True
    file, _, line = frames[-1]
    return _PACKAGE in file and linecache.getline(file, line).lstrip().startswith("raise")


def told(error: BaseException) -> str:
    """Return an error with its last frames."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__)[-9:])[-2500:]


def _read_xml(body: bytes) -> Any:
    try:
        return xmlrpc.client.loads(body)
    except xmlrpc.client.Fault:
        return None
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
