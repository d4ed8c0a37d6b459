"""The calls that a fault is for: model, method and dialect by name or pattern, and which of those calls."""

from __future__ import annotations

import difflib
import random
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from mockserver.dialects.rest import registry as rest_registry
from mockserver.server.app import DIALECTS, App
from mockserver.services.call import Call, printable
from mockserver.testing.faults.fault import FaultError, is_count, is_number

# the services that stand for the model of a call without one, with their methods; () where any method is possible
SERVICES: dict[str, tuple[str, ...]] = {
    "common": ("about", "authenticate", "login", "set_loglevel", "version"),
    "db": (
        *("change_admin_password", "create_database", "db_exist", "drop", "dump", "duplicate_database", "list"),
        *("list_countries", "list_lang", "migrate_databases", "rename", "restore", "server_version"),
    ),
    "session": ("authenticate", "change_password", "check", "destroy", "get_lang_list", "get_session_info", "modules"),
    "object": ("execute", "execute_kw"),
    "page": (),
    "rest": (),
    "file": (),
}
WEBHOOK = "webhook"  # the dialect and the method of webhooks that the server sends
MAX_TARGETS = 1000  # different targets that are kept, to list the nearest ones
SHOWN = 3  # of them in an error text
ALIKE = 0.8  # how near an unknown method must be to a known one to count as misspelled


class Target(NamedTuple):
    """Dialect, model and method of a call, as text; the service in place of the model where there is none."""

    dialect: str
    model: str
    method: str

    @classmethod
    def of(cls, call: Call) -> Target:
        """Return the target of a call; clients may send anything as names."""
        model, method = (name if type(name) is str else str(name) for name in call.model_and_method)
        return cls(call.dialect, printable(model), printable(method))

    def __str__(self) -> str:
        return f"{self.model}.{self.method} over {self.dialect}"


@dataclass(frozen=True)
class Aim:
    """The calls of `model`, `method` and `dialect`, None for any; of these the `nth`, counted from 1, or each
    `every`-th, or each with a `probability` that depends on `seed`; at most `times` of them.

    In names `*` matches any text and `?` any character.
    """

    model: str | None = None
    method: str | None = None
    dialect: str | None = None
    nth: int | None = None
    every: int | None = None
    times: int | None = None
    probability: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("model", "method", "dialect"):
            value = getattr(self, name)
            _check(value is None or (isinstance(value, str) and value != ""), f"{name} is a name, not {value!r}")
        for name in ("nth", "every", "times"):
            value = getattr(self, name)
            _check(value is None or is_count(value), f"{name} is a whole number above 0, not {value!r}")
        chance = self.probability
        possible = chance is None or (is_number(chance) and 0 < chance <= 1)
        _check(possible, f"probability is a number above 0, at most 1, not {chance!r}")
        _check(type(self.seed) is int, f"seed is a whole number, not {self.seed!r}")
        several = [name for name in ("nth", "every", "probability") if getattr(self, name) is not None]
        _check(len(several) < 2, f"{' and '.join(several)} exclude each other")

    def fits(self, target: Target) -> bool:
        """Return whether a call matches the names, and so is counted."""
        return all(
            wanted is None or fnmatchcase(name, wanted)
            for name, wanted in zip(target, (self.dialect, self.model, self.method), strict=True)
        )

    def similarity(self, target: Target) -> float:
        """Return how similar a call is to those that match: 0 to 3."""
        pairs = zip(target, (self.dialect, self.model, self.method), strict=True)
        return sum(_name_similarity(name, wanted) for name, wanted in pairs)

    def nearest(self, others: Counter[Target]) -> str:
        """Return the most similar of these calls as text, each with its count, or an empty text."""
        near = sorted(others, key=lambda target: (-self.similarity(target), str(target)))
        shown = ", ".join(f"{target} ({others[target]}×)" for target in near[:SHOWN])
        return f"{shown} and {len(near) - SHOWN} more" if len(near) > SHOWN else shown

    def chooses(self, number: int, dice: random.Random) -> bool:
        """Return whether the fault hits this one of the counted calls."""
        if self.nth is not None:
            return number == self.nth
        if self.every is not None:
            return number % self.every == 0
        return self.probability is None or dice.random() < self.probability

    def __str__(self) -> str:
        words = [f"{self.model or '*'}.{self.method or '*'}" if self.model or self.method else "any call"]
        if self.dialect:
            words.append(f"over {self.dialect}")
        for name in ("nth", "every", "times", "probability"):
            value = getattr(self, name)
            if value is not None:
                words.append(f"{name}={value}")
        return " ".join(words)

    def as_dict(self) -> dict[str, Any]:
        """Return the values that differ from the defaults, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value != getattr(Aim, name)}


AIM = tuple(field.name for field in fields(Aim))


def tally(others: Counter[Target], target: Target) -> None:
    """Count a call that matched nothing, as long as there are not too many different ones."""
    if target in others or len(others) < MAX_TARGETS:
        others[target] += 1


def check_names(aim: Aim, app: App) -> None:
    """Raise FaultError for a name or a pattern that no call can match, with the nearest known name.

    A method that resembles none of the known ones is accepted: it may be one of an add-on that the mock does not have.
    """
    dialects = sorted({WEBHOOK, *(dialect.name for dialect in (*DIALECTS, *rest_registry.DIALECTS))})
    _check_name("dialect", aim.dialect, dialects)
    registries = [database.registry for database in map(app.databases.get, list(app.databases)) if database]
    models = {name for registry in registries for name in registry} | SERVICES.keys()
    _check_name("model", aim.model, sorted(models))
    wanted = [name for name in models if aim.model is None or fnmatchcase(name, aim.model)]
    if aim.method is None or any(name in SERVICES and not SERVICES[name] for name in wanted if aim.model):
        return
    names = {name for service in wanted for name in SERVICES.get(service, ())}
    for registry in registries:
        for model in set(wanted) - SERVICES.keys():
            names.update(registry.methods_of(model))
    place = f" of {aim.model}" if aim.model else ""
    if "*" in aim.method or "?" in aim.method or difflib.get_close_matches(aim.method, names, 1, ALIKE):
        _check_name(f"method{place}", aim.method, sorted(names))


def _check_name(kind: str, wanted: str | None, known: Collection[str]) -> None:
    if wanted is None or wanted in known:
        return
    if "*" in wanted or "?" in wanted:
        _check(any(fnmatchcase(name, wanted) for name in known), f"no {kind} matches {wanted!r}")
        return
    raise FaultError(f"there is no {kind} {wanted!r}{nearest(wanted, known)}; known=False allows any name")


def nearest(wanted: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?`, or an empty text."""
    near = difflib.get_close_matches(wanted, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _name_similarity(name: str, wanted: str | None) -> float:
    if wanted is None or fnmatchcase(name, wanted):
        return 1.0
    # the same model and another method is nearer than two names that share letters
    return difflib.SequenceMatcher(None, name, wanted).ratio() / 2


def _check(possible: bool, text: str) -> None:
    if not possible:
        raise FaultError(text)
