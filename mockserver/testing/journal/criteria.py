"""The criteria of an assertion, and the differences of a call from them, as text."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockserver.orm.records.recordset import Recordset
from mockserver.testing.journal.arguments import ALIASES
from mockserver.testing.journal.masking import HIDDEN, is_secret, masked
from mockserver.testing.journal.wording import brief

if TYPE_CHECKING:
    from mockserver.testing.journal.entry import JournalEntry

CONTAINS = "__contains"
_NOT_GIVEN = object()


@dataclass(frozen=True)
class Criterion:
    """One condition on a call: `name` is that of an argument, or `dialect`, `user` …"""

    name: str
    expected: Any
    contains: bool = False

    def __str__(self) -> str:
        verb = "contains" if self.contains else "="
        return f"{self.name} {verb} {_shown(self.name, self.expected, 90)}"

    def differences(self, entry: JournalEntry) -> list[str]:
        """Return the differences of the call, one a line; none if it matches."""
        read = _ATTRIBUTES.get(self.name)
        actual = read(entry) if read else entry.given(self.name, _NOT_GIVEN)
        if self.name == "ids":
            same = _as_set(self.expected) == _as_set(actual)
            return [] if same else [f"ids: {brief(actual)}, expected {brief(_listed(self.expected))}"]
        if self.name == "user":
            return _user(self.expected, entry)
        if self.name == "error":
            return _error(self.expected, entry)
        if self.name == "fault":
            return _fault(self.expected, entry)
        if actual is _NOT_GIVEN:
            return [f"{self.name}: not given, expected {_shown(self.name, self.expected)}" + _hint(self.name, entry)]
        return list((_missing if self.contains else _different)(self.name, plain(self.expected), plain(actual)))


_ATTRIBUTES: dict[str, Callable[[JournalEntry], Any]] = {
    "ids": lambda entry: entry.ids,
    "user": lambda entry: entry.login,
    "error": lambda entry: entry.outcome,
    "fault": lambda entry: entry.faults,
    "db": lambda entry: entry.db,
    "dialect": lambda entry: entry.dialect,
    "context": lambda entry: entry.bound.context,
}


@dataclass(frozen=True)
class Criteria:
    """A model and a method, None for any, and more conditions."""

    model: str | None
    method: str | None
    more: tuple[Criterion, ...] = ()

    @classmethod
    def of(cls, model: str | None, method: str | None, criteria: Mapping[str, Any]) -> Criteria:
        """Return criteria from `ids`, `user`, `db`, `dialect`, `error`, `fault`, `context` and names of arguments.

        A name that ends in `__contains` compares a part only.  `args` is a mapping of arguments whose names have
        another meaning here.  None is compared for arguments only, and means no condition elsewhere.
        """
        named = dict(criteria)
        extra = named.pop("args", None) or {}
        more = [
            Criterion(name.removesuffix(CONTAINS), value, name.endswith(CONTAINS))
            for name, value in [*named.items(), *extra.items()]
            if value is not None or name not in _ATTRIBUTES
        ]
        return cls(model, method, tuple(more))

    def __str__(self) -> str:
        if self.model is None and self.method is None:
            return "something"
        return ".".join(filter(None, (self.model, self.method)))

    def concerns(self, model: str | None, method: str) -> bool:
        """Return whether the model (or service) and the method match."""
        return self.model in (None, model) and self.method in (None, method)

    def concerns_entry(self, entry: JournalEntry) -> bool:
        """Return whether the model (or service) and the method of a call match."""
        return self.concerns(entry.model or entry.service, entry.method)

    def match(self, entry: JournalEntry) -> bool:
        """Return whether the call matches in everything."""
        return self.concerns_entry(entry) and not any(criterion.differences(entry) for criterion in self.more)

    def differences(self, entry: JournalEntry) -> list[str]:
        """Return the differences of a call of the method, one a line."""
        return [line for criterion in self.more for line in criterion.differences(entry)]

    def misspelt(self, entry: JournalEntry) -> list[str]:
        """Return a line for each argument that the method of this call does not have, but one of a similar name."""
        known = set(entry.parameters)
        known |= {name for name, others in ALIASES.items() if known.intersection(others)}
        names = [one.name for one in self.more if one.name not in _ATTRIBUTES and one.name not in known]
        near = {name: near_names(name, sorted(known), 0.8) for name in names if name not in entry.bound.args}
        return [f"There is no argument {name!r}; did you mean {found[0]!r}?" for name, found in near.items() if found]


# -- values


def plain(value: Any) -> Any:
    """Return the value as it is sent: lists for tuples, the id for a record, ids for records."""
    if isinstance(value, Recordset):
        return value.ids[0] if len(value) == 1 else value.ids
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value


def _different(name: str, expected: Any, actual: Any) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        yield from _missing(name, expected, actual)
        for key, given in actual.items():
            if key not in expected:
                yield f"{name}.{key}: {_shown(key, given)}, not expected"
    elif isinstance(expected, list) and isinstance(actual, list):
        yield from _items(name, expected, actual)
    elif expected != actual:
        yield f"{name}: {_shown(name, actual)}, expected {_shown(name, expected)}"


def _items(name: str, expected: list[Any], actual: list[Any]) -> Iterator[str]:
    if expected == actual:
        return
    if len(expected) == len(actual):
        for index, (wanted, given) in enumerate(zip(expected, actual, strict=True)):
            if isinstance(wanted, dict):
                yield from _different(f"{name}[{index}]", wanted, given)
            elif wanted != given:
                yield f"{name}[{index}]: {_item(given)}, expected {_item(wanted)}"
        return
    for wanted in expected:
        if wanted not in actual:
            yield f"{name}: no {_item(wanted)}"
    for given in actual:
        if given not in expected:
            yield f"{name}: {_item(given)}, not expected"
    yield f"{name}: {len(actual)} items, expected {len(expected)}"


def _missing(name: str, expected: Any, actual: Any) -> Iterator[str]:
    """Yield a line for each missing part; more may be present."""
    if isinstance(expected, dict) and isinstance(actual, list) and any(isinstance(item, dict) for item in actual):
        found = [list(_missing(name, expected, item)) for item in actual]
        yield from min(found, key=len)
    elif isinstance(expected, dict) and isinstance(actual, dict):
        for key, wanted in expected.items():
            if key not in actual:
                near = difflib.get_close_matches(str(key), map(str, actual), n=1, cutoff=0.75)
                hint = f" (there is {near[0]!r})" if near else ""
                yield f"{name}.{key}: not given, expected {_shown(key, wanted)}{hint}"
            else:
                yield from _different(f"{name}.{key}", wanted, actual[key])
    elif isinstance(actual, list):
        for wanted in expected if isinstance(expected, list) else [expected]:
            if wanted not in actual:
                yield f"{name}: no {_item(wanted)} in {brief(actual)}"
    elif isinstance(expected, str) and isinstance(actual, str):
        if expected not in actual:
            yield f"{name}: {_shown(name, actual)}, expected it to contain {_shown(name, expected)}"
    else:
        yield from _different(name, expected, actual)


def _shown(name: Any, value: Any, room: int = 60) -> str:
    last = str(name).rpartition(".")[2]
    return HIDDEN if is_secret(last) else brief(masked(value), room)


def _item(value: Any) -> str:
    """Return an element of a list as text; a leaf of a domain as a tuple."""
    leaf = isinstance(value, list) and len(value) == 3 and isinstance(value[0], str)
    return _shown("", tuple(value) if leaf else value)


# -- special comparisons


def _listed(ids: Any) -> list[Any]:
    if isinstance(ids, Recordset):
        return list(ids.ids)
    return [ids] if isinstance(ids, int) else list(ids)


def _as_set(ids: Any) -> frozenset[str]:
    # clients may send anything as ids
    return frozenset(map(repr, _listed(ids)))


def _user(expected: Any, entry: JournalEntry) -> list[str]:
    if isinstance(expected, str):
        same, wanted = entry.login == expected, repr(expected)
    else:
        uid = expected if isinstance(expected, int) else getattr(expected, "uid", None) or expected.id
        same, wanted = entry.uid == uid, f"uid {uid}"
    return [] if same else [f"user: {entry.login!r} (uid {entry.uid}), expected {wanted}"]


def _error(expected: Any, entry: JournalEntry) -> list[str]:
    """Compare the error.  False: none; True: any; else a class of errors, of faults in place of the call, or a name."""
    if isinstance(expected, bool):
        same, wanted = expected == (entry.error is not None), "an error" if expected else "no error"
    elif isinstance(expected, type):
        same, wanted = isinstance(entry.error, expected) or isinstance(entry.prevented_by, expected), brief(expected)
    else:
        same, wanted = entry.outcome == expected, str(expected)
    return [] if same else [f"error: {entry.outcome}, expected {wanted}"]


def _fault(expected: Any, entry: JournalEntry) -> list[str]:
    """Compare the faults.  False: none; True: any; else a fault, its class or its name."""
    met = entry.faults
    if isinstance(expected, bool):
        same, wanted = expected == bool(met), "a fault" if expected else "none"
    elif isinstance(expected, type):
        same, wanted = any(isinstance(fault, expected) for fault in met), brief(expected)
    elif isinstance(expected, str):
        same, wanted = any(type(fault).__name__ == expected for fault in met), expected
    else:
        same, wanted = expected in met, brief(expected)
    return [] if same else [f"fault: {', '.join(map(brief, met)) or 'none'}, expected {wanted}"]


def _hint(name: str, entry: JournalEntry) -> str:
    """Return a hint with the right name of an argument."""
    known = entry.parameters
    if not known or name in known:
        return ""
    near = near_names(name, known, 0.6)
    return f" (did you mean {near[0]!r}?)" if near else f" ({entry.target} has {', '.join(known)})"


def near_names(name: str, known: Iterable[str], cutoff: float = 0.75) -> list[str]:
    """Return the known names that are similar, the nearest first."""
    return difflib.get_close_matches(name, list(dict.fromkeys(known)), n=3, cutoff=cutoff)
