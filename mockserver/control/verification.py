"""Assertions on the calls, for tests in any language: a call pattern and a count, as `assert_called` takes them."""

from __future__ import annotations

from typing import Any

from mockserver.control.answers import Refusal
from mockserver.control.routes import Controlled, Route, quoted
from mockserver.testing.journal.assertions import Count
from mockserver.testing.journal.criteria import CONTAINS, Criteria, near_names

_COUNTS = ("times", "at_least", "at_most")
# other words for them
_ALIKE = {
    "count": "times", "number": "times", "calls": "times", "exactly": "times",
    "min": "at_least", "minimum": "at_least", "max": "at_most", "maximum": "at_most",
}  # fmt: skip
# key → its Python types, and its name in error texts
_KEYS: dict[str, tuple[tuple[type, ...], str]] = {
    "model": ((str,), "a text"),
    "method": ((str,), "a text"),
    **dict.fromkeys(_COUNTS, ((int,), "a whole number")),
    "ids": ((int, list), "an id, or a list of ids"),
    "user": ((str, int), "a login, or the id of a user"),
    "db": ((str,), "a text"),
    "dialect": ((str,), "a text such as 'xmlrpc'"),
    "context": ((dict,), "an object"),
    f"context{CONTAINS}": ((dict,), "an object"),
    "error": ((bool, str), "true, false, or the name of an error"),
    "fault": ((bool, str), "true, false, or the name of a fault"),
    "args": ((dict,), "an object: arguments by name"),
}


def verify_calls(controlled: Controlled, body: Any) -> dict[str, Any]:
    """Return the calls that match; refuse with the text of `assert_called` if they are too few or too many."""
    if not isinstance(body, dict):
        raise Refusal(400, f"the body is a JSON object, not {quoted(body)}")
    for key, value in body.items():
        _check(key, value)
    criteria = dict(body)
    count = _count(*(criteria.pop(key, None) for key in _COUNTS))
    wanted = Criteria.of(criteria.pop("model", None), criteria.pop("method", None), criteria)
    try:
        found = controlled.kit.check_calls(wanted, count)
    except AssertionError as error:
        raise Refusal(409, str(error)) from None
    except RecursionError:
        raise Refusal(400, "the body is nested too deeply") from None
    return {"count": found.count, "calls": [entry.number for entry in found]}


def _check(key: str, value: Any) -> None:
    """Raise Refusal for a wrong value, and for a key that is nearly that of a count: no method has such an argument."""
    if key in _KEYS:
        types, wanted = _KEYS[key]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise Refusal(400, f"{key} is {wanted}, not {quoted(value)}")
        if key in _COUNTS and isinstance(value, int) and value < 0:
            raise Refusal(400, f"{key} is a number from 0 on, not {value}")
    elif key == "kwargs":
        raise Refusal(400, 'arguments are named themselves, such as "vals": {…}, or stand in args')
    elif near := _alike(key, value) or near_names(key, ("model", "method", *_COUNTS)):
        raise Refusal(
            400, f"there is no key {key!r}; did you mean {near[0]!r}? (an argument of that name goes in args)"
        )


def _alike(key: str, value: Any) -> list[str]:
    """Return what a number under another word is; the flag `count` of a search is an argument."""
    return [_ALIKE[key]] if key in _ALIKE and isinstance(value, int) and not isinstance(value, bool) else []


def _count(times: int | None, least: int | None, most: int | None) -> Count:
    if times is not None:
        if least is not None or most is not None:
            raise Refusal(400, "times excludes at_least and at_most")
        return Count(times, times)
    count = Count((1 if most is None else 0) if least is None else least, most)
    if most is not None and count.least > most:
        raise Refusal(400, f"at_least is {count.least}, more than at_most, {most}")
    return count


ROUTES = (
    Route(
        "POST",
        "/verify",
        "Verify that a call was made, or how often",
        verify_calls,
        "Verified",
        body="Pattern",
        errors=(409,),
    ),
)
