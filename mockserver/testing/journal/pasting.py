"""A call of the journal as lines of a test: the assertion that it was made, and the override that answers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver import errors
from mockserver.testing.journal.entry import JournalEntry
from mockserver.testing.journal.keywords import Keywords
from mockserver.testing.journal.masking import HIDDEN

WIDTH, MAX_DEPTH = 100, 20
# keywords of `assert_called` for arguments; all others, which have another meaning or none, are passed in `args`
_ARGUMENTS = frozenset(Keywords.__annotations__) - {
    "ids", "user", "db", "dialect", "context", "context__contains", "error", "fault", "args",
}  # fmt: skip
_LEFT_OUT = "# without secrets, and values that Python has no literal for"
# errors that are made of a message alone
_ERRORS = (errors.UserError, errors.AccessError, errors.ValidationError, errors.MissingError)


def assertion(entry: JournalEntry) -> str:
    """Return the `assert_called` that this call meets."""
    named = {name: value for name, value in entry.args.items() if _is_known(value)}
    plain = {name: value for name, value in named.items() if name in _ARGUMENTS}
    other = {name: value for name, value in named.items() if name not in plain}
    ids = {"ids": entry.ids} if entry.ids and _is_known(entry.ids) else {}
    error = {} if entry.error is None else {"error": entry.outcome}
    given = ids | plain | ({"args": other} if other else {}) | error
    complete = len(named) == len(entry.args) and len(ids) == bool(entry.ids)
    target = [literal(entry.model or entry.service), literal(entry.method)]
    text = _call("assert_called", [*target, *(f"{name}={literal(value, 8)}" for name, value in given.items())])
    return text if complete else f"{text}  {_LEFT_OUT}"


def override(entry: JournalEntry) -> dict[str, Any] | None:
    """Return an override, as JSON, that gives the present answer; None for a call of no model.

    A call that failed for another reason than an error of the server, such as an unknown method, is answered True.
    """
    if entry.model is None or not entry.method.isidentifier():
        return None
    target = {"model": entry.model, "method": entry.method}
    if isinstance(entry.error, _ERRORS):
        return target | {"error": {"type": type(entry.error).__name__, "message": str(entry.error)}}
    if entry.error is None and _is_known(entry.answer):
        return target | {"answer": entry.answer}
    return target | {"answer": True} | ({} if entry.parameters or entry.ids else {"ids": False})


def override_text(entry: JournalEntry) -> str | None:
    """Return the same override as a `respond` in a test; None for a call of no model."""
    form = override(entry)
    if form is None:
        return None
    target, ids = [literal(form["model"]), literal(form["method"])], ["ids=False"] * ("ids" in form)
    if "error" not in form:
        return _call("respond", [*target, literal(form["answer"], 8), *ids])
    kind, message = form["error"]["type"], form["error"]["message"]
    call = _call("respond", [*target, f"{kind}({literal(message)})", *ids])
    return f"from mockserver.errors import {kind}\n\n{call}"


def literal(value: Any, indent: int = 4) -> str:
    """Return a value as Python; a list or mapping that is too wide for a line has an item a line."""
    if isinstance(value, str):
        text = repr(str(value))
        return text if '"' in text or "\\'" in text else f'"{text[1:-1]}"'
    if isinstance(value, Mapping):
        items = [f"{literal(key)}: {literal(item, indent + 4)}" for key, item in value.items()]
        return _listed("{", items, "}", indent)
    if isinstance(value, (list, tuple)):
        return _listed("[", [literal(item, indent + 4) for item in value], "]", indent)
    return repr(value)


def _listed(opening: str, items: list[str], closing: str, indent: int) -> str:
    line = opening + ", ".join(items) + closing
    if len(line) + indent <= WIDTH and "\n" not in line:
        return line
    space = " " * indent
    return "".join((opening, *(f"\n{space}{item}," for item in items), f"\n{space[4:]}{closing}"))


def _call(name: str, arguments: Iterable[str]) -> str:
    return f"mockserver.{name}{_listed('(', list(arguments), ')', 4)}"


def _is_known(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Return whether the value is the one that was sent, and Python has a literal for it."""
    if value is None or isinstance(value, (bool, int)):
        return True
    if isinstance(value, str):
        return HIDDEN not in value
    if isinstance(value, float):
        return value - value == 0  # neither infinite nor NaN
    if not depth:
        return False
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_known(item, depth - 1) for key, item in value.items())
    return isinstance(value, (list, tuple)) and all(_is_known(item, depth - 1) for item in value)
