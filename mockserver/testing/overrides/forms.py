"""Overrides as JSON, for the control API and for files.

{"model": "sale.order", "method": "action_confirm", "answer": true}
{"model": "sale.order", "method": "action_confirm", "error": {"type": "UserError", "message": "Nothing to do."}}
{"model": "*", "method": "ping", "ids": false, "answers": [{"answer": 1}, {"error": {"type": "AccessDenied"}}]}
{"model": "res.partner", "method": "copy", "answer": 7, "optional": true}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockserver.seed.files import nearest
from mockserver.testing.faults import forms as fault_forms
from mockserver.testing.faults.fault import FaultError, Raises
from mockserver.testing.overrides.override import EVERY, Override

KEYS = ("model", "method", "answer", "error", "answers", "ids", "private", "optional")
_ANSWERS = ("answer", "error", "answers")


class OverrideError(ValueError):
    """The JSON form of an override is wrong; the text names the key."""


class Form(NamedTuple):
    """The values of the JSON form."""

    model: str
    method: str
    answers: tuple[Any, ...]
    ids: bool | None
    private: bool | None
    optional: bool


def read(data: Any) -> Form:
    """Return the values of the JSON form; raises OverrideError if it is wrong."""
    if not isinstance(data, Mapping):
        raise OverrideError(f'an override is {{"model": …, "method": …, "answer": …}}, not {data!r}')
    for key in data:
        if key not in KEYS and key != "id":
            raise OverrideError(f"an override has no {key!r}{nearest(key, KEYS)} (known: {', '.join(KEYS)})")
    for key in ("model", "method"):
        if not isinstance(data.get(key), str):
            raise OverrideError(f"an override has a {key!r}, which is a text")
    for key in ("ids", "private", "optional"):
        if data.get(key) not in (None, True, False):
            raise OverrideError(f"{key!r} is true or false, not {data[key]!r}")
    if sum(key in data for key in _ANSWERS) != 1:
        raise OverrideError("an override has one of 'answer', 'error' and 'answers'")
    answers = data.get("answers", [data])
    if not isinstance(answers, list) or not answers:
        raise OverrideError('\'answers\' is a list of {"answer": …} or {"error": …}')
    given = tuple(map(_answer, answers))
    optional = bool(data.get("optional"))
    return Form(data["model"], data["method"], given, data.get("ids"), data.get("private"), optional)


def _answer(data: Any) -> Any:
    if not isinstance(data, Mapping) or ("answer" in data) == ("error" in data):
        raise OverrideError(f'an answer is {{"answer": …}} or {{"error": …}}, not {data!r}')
    if "answer" in data:
        return data["answer"]
    try:
        fault = fault_forms.read(data["error"])
    except FaultError as error:
        raise OverrideError(f"error: {error}") from None
    if not isinstance(fault, Raises):
        raise OverrideError(f"an error is one of {', '.join(fault_forms.ERRORS)}, not {data['error']!r}")
    return fault.error


def to_json(override: Override) -> dict[str, Any]:
    """Return the JSON that `read` takes; an override by a Python function has the function's name as `function`."""
    values: dict[str, Any] = {"model": override.model or EVERY, "method": override.method}
    values |= {key: value for key in ("ids", "private") if (value := getattr(override, key)) is not None}
    values |= {"optional": True} if override.optional else {}
    if not override.answers or any(map(callable, override.answers)):
        return values | {"function": getattr(override.function, "__qualname__", repr(override.function))}
    answers = [_answer_to_json(answer) for answer in override.answers]
    return values | (answers[0] if len(answers) == 1 else {"answers": answers})


def listed(override: Override) -> dict[str, Any]:
    """Return the same with the override's id and how often it was called."""
    return {"id": override.number, **to_json(override), "calls": override.calls}


def _answer_to_json(answer: Any) -> dict[str, Any]:
    if isinstance(answer, Exception):
        return {"error": fault_forms.to_json(Raises(answer))}
    return {"answer": answer}
