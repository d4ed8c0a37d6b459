"""What a model class says of its model that must be known before its methods run.

The bundled classes are hundreds, and most programs use a few models.  So their summaries are kept beside the fixtures,
and a class is imported when the records of its model are first used.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from mockserver import profiles
from mockserver.orm.schema.api import NO_NOTES, Notes

# the notes that a summary has of a function
_NOTED = ("name", "since", "until", "depends", "computes", "after")


@dataclass(eq=False)
class Summary:
    """A class of a model, by its name; `functions` are the notes of those whose names begin with one underscore."""

    module: str
    name: str
    model: str
    mixins: tuple[str, ...]
    since: int
    until: int | None
    searched: tuple[str, ...]  # the fields that name_search searches
    commits: tuple[str, ...] | None  # the models whose changes its `_at_commit` is for; None: it has no such method
    writes: bool  # whether that method writes records
    functions: Mapping[str, Notes]

    @classmethod
    def of(cls, made: Any, model: str, mixins: Iterable[str], functions: Mapping[str, Notes]) -> Summary:
        """Return the summary of a class, of which the caller knows the names and the functions."""
        kept = {
            name: Notes(**{key: getattr(noted, key) for key in _NOTED})
            for name, noted in functions.items()
            if name.startswith("_") and not name.startswith("__")
        }
        searched = tuple(vars(made).get("_rec_names_search") or ())
        found = cls(
            made.__module__, made.__qualname__, model, tuple(mixins), made._since, made._until, searched,
            _commits(made), made._writes_at_commit, kept,
        )  # fmt: skip
        found.__dict__["cls"] = made
        return found

    @classmethod
    def read(cls, module: str, name: str, data: Mapping[str, Any]) -> Summary:
        """Return a summary from what `written` returned."""
        functions = dict.fromkeys(data["functions"], NO_NOTES)
        for function, said in data.get("notes", {}).items():
            noted: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in said.items()
            }
            functions[function] = Notes(**noted)
        return cls(
            module, name, data["model"], tuple(data.get("mixins", ())), data.get("since", profiles.FIRST),
            data.get("until"), tuple(data.get("searched", ())),
            tuple(data["commits"]) if "commits" in data else None, data.get("writes", False), functions,
        )  # fmt: skip

    def written(self) -> dict[str, Any]:
        """Return the summary as JSON-able data, without the names of module and class."""
        notes = {
            function: {key: getattr(noted, key) for key in _NOTED if getattr(noted, key) != getattr(NO_NOTES, key)}
            for function, noted in self.functions.items()
            if noted != NO_NOTES
        }
        said = {
            "mixins": self.mixins, "since": self.since if self.since != profiles.FIRST else None, "until": self.until,
            "searched": self.searched, "commits": self.commits, "writes": self.writes, "notes": notes,
        }  # fmt: skip
        given = {key: value for key, value in said.items() if value or (key == "commits" and value is not None)}
        return {"model": self.model, "functions": list(self.functions), **given}

    @cached_property
    def cls(self) -> type:
        """The class, whose module is imported if nothing has done so yet."""
        found: type = getattr(importlib.import_module(self.module), self.name)
        return found

    def has(self, method: str) -> bool:
        """Return whether the class has a method, or one that it extends in Python."""
        return method in self.functions or hasattr(self.cls, method)


Definitions = tuple[type | Summary, ...]


def imported(definitions: Definitions) -> tuple[type, ...]:
    """Return the classes themselves."""
    return tuple(part.cls if isinstance(part, Summary) else part for part in definitions)


class Committing(NamedTuple):
    """A model with a method `_at_commit`, and the models whose changes it is for; none: those of every model."""

    model: str
    of: frozenset[str]

    def concerns(self, touched: Iterable[tuple[str, int]]) -> bool:
        """Return whether it is for one of the changes of a transaction, by model and id."""
        return not self.of or any(model in self.of for model, _ in touched)


def committing(definitions: Mapping[str, Definitions]) -> list[Committing]:
    """Return the models with such a method, of all by name; those that write come first, so that others see that."""
    found: dict[bool, list[Committing]] = {True: [], False: []}
    for model, parts in definitions.items():
        said = [
            (part.commits, part.writes) if isinstance(part, Summary) else (_commits(part), part._writes_at_commit)  # type: ignore[attr-defined]
            for part in parts
        ]
        watched = [commits for commits, _ in said if commits is not None]
        if watched:
            of = frozenset[str]() if () in watched else frozenset(name for names in watched for name in names)
            found[any(writes for _, writes in said)].append(Committing(model, of))
    return [*found[True], *found[False]]


def _commits(cls: Any) -> tuple[str, ...] | None:
    return tuple(cls._commits_of) if "_at_commit" in vars(cls) else None


def class_name(part: type | Summary) -> str:
    """Return the name that a dump has for a class."""
    return f"{part.module}.{part.name}" if isinstance(part, Summary) else f"{part.__module__}.{part.__qualname__}"
