"""Values in the room that a line of a terminal has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

ROOM = 60  # characters


def brief(value: Any, room: int = ROOM) -> str:
    """A value as Python writes it, on one line, cut where there is no more room; a large one is not written out."""
    if isinstance(value, (str, bytes)):
        text = repr(value[: room + 1])
    elif isinstance(value, Mapping):
        text = joined((f"{brief(key)}: {brief(item, room)}" for key, item in value.items()), room, "{", "}")
    elif type(value) is tuple:
        text = joined((brief(item, room) for item in value), room, "(", ",)" if len(value) == 1 else ")")
    elif isinstance(value, list):
        text = joined((brief(item, room) for item in value), room, "[", "]")
    else:
        text = " ".join(repr(value).split())
    return cut(text, room)


def joined(items: Iterable[str], room: int, opening: str = "", closing: str = "") -> str:
    """The texts with commas between them; no more of them are asked for than there is room."""
    text = opening
    for number, item in enumerate(items):
        text += f", {item}" if number else item
        if len(text) > room:
            return text
    return text + closing


def cut(text: str, room: int = ROOM) -> str:
    """The text, with dots for what there is no room for."""
    return text if len(text) <= room else text[: room - 3] + "..."


def plural(number: int, noun: str) -> str:
    """Such as `1 call`, `2 calls`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
