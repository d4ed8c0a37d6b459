"""The classes of the table of rules: an entry, and a section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar, cast

Value = TypeVar("Value")


@dataclass
class Rule:
    """One difference: `values` maps the first generation of each value to that value.

    `title` says in a few words what a client sees; `source` where it was read or recorded.  `own` has the values of
    profiles that differ from their generation, by name.
    """

    title: str
    source: str
    values: Mapping[int, Any]
    own: Mapping[str, Any]
    name: str = field(default="", init=False)

    def __set_name__(self, owner: type[Section], name: str) -> None:
        self.name = name

    def at(self, generation: int, profile: str = "") -> Any:
        """Return the profile's own value, else that of its generation: of the last change up to it."""
        if profile in self.own:
            return self.own[profile]
        return self.values[max(start for start in self.values if start <= generation)]


def rule(title: str, source: str, values: Mapping[int, Value], own: Mapping[str, Value] | None = None) -> Value:
    """Return an entry of a section: `any: bool = rule("the operators any and not any", "…", {11: False, 17: True})`.

    `own` has the values of profiles that differ from their generation: `{"flectra-1.6": True}`.  The type is that of
    one value, since that is what the attribute of `Rules` gives.
    """
    return cast("Value", Rule(title, source, values, own or {}))


class Section:
    """A part of the table: each attribute that a subclass gives by `rule` is an entry.

    The entries move from the attributes of the class to `entries`: rules are read very often, and an attribute of an
    instance is found fastest where its class has none of that name.
    """

    title: ClassVar[str]
    entries: ClassVar[tuple[Rule, ...]]

    def __init_subclass__(cls, title: str = "") -> None:
        cls.title = title
        cls.entries = tuple(value for value in vars(cls).values() if isinstance(value, Rule))
        for entry in cls.entries:
            delattr(cls, entry.name)
