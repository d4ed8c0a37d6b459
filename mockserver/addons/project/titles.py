"""What a title says about a new task: `Order wood 4h #Later @Mitchell !`.

Such words come last: first hours, then tags and users, then the sign for a high priority.  Source: recorded in
flow-project-1 (17.0); Inferred: that the words count everywhere in a title that ends with some.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_HOURS = r"\s(\d+(?:\.\d+)?)[hH]"
_NAMES = r"\s([#@][^\s]+)"
_URGENT = r"\s!"


class Title(NamedTuple):
    """A title without the words that say something else, and what those say."""

    text: str
    hours: float | None = None
    tags: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    urgent: bool = False


def parse(title: str, *, with_hours: bool) -> Title:
    """Return what a title says; `with_hours`: about hours too."""
    hours = f"(?:{_HOURS})*" if with_hours else ""
    ending = re.fullmatch(rf".+?(?P<hours>{hours})(?P<names>(?:{_NAMES})*)(?P<urgent>(?:{_URGENT})?)", title)
    if ending is None:
        return Title(title.strip())
    text, found = title, Title("")
    if ending["hours"]:
        found = found._replace(hours=sum(float(number) for number in re.findall(_HOURS, text)))
        text = re.sub(_HOURS, "", text)
    if ending["names"]:
        names = re.findall(_NAMES, text)
        tags, users = ([name[1:] for name in names if name[0] == sign] for sign in "#@")
        found = found._replace(tags=tuple(tags), users=tuple(users))
        text = re.sub(_NAMES, "", text)
    if ending["urgent"]:
        found = found._replace(urgent=True)
        text = re.sub(_URGENT, "", text)
    return found._replace(text=text.strip())


def with_unknown(text: str, users: tuple[str, ...]) -> str:
    """Return a text with the users that nobody is."""
    return " ".join((text, *(f"@{user}" for user in users)))
