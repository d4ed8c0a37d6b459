"""Values as text that fits into a line of a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

ROOM = 60  # characters
_TEXT, _SEVERAL = 9, 25  # a text, and a value with items, are cut to these sizes before items are left out
_DOTS = "..."

Item = tuple[str, Any]  # a prefix, such as a name, and the value


def brief(value: Any, room: int = ROOM) -> str:
    """Return a value as Python writes it, on one line.

    If it is longer than `room`, each text in it is cut first, and then the last items are left out.  Parts that do not
    fit are not formatted in full.
    """
    if isinstance(value, (str, bytes)) and room > len("'...'"):
        text = repr(value[: room + 1])
        return text if len(text) <= room else text[: room - 4] + _DOTS + text[-1]
    parts = _parts(value) if room > 0 else None  # a value may be nested without end
    return cut(_whole(value, room, room), room) if parts is None else listed(*parts, room)


def listed(items: Iterable[Item], opening: str, closing: str, room: int) -> str:
    """Return the values separated by commas, each after its prefix; shortened as in `brief`."""
    free = room - len(opening) - len(closing)
    every = iter(items)
    kept = list(islice(every, max(free, 0) // 3 + 1))  # an item has at least three characters
    sizes = [len(_whole(value, free, free)) for _, value in kept]
    least = [_least(value, size) for size, (_, value) in zip(sizes, kept, strict=True)]
    free -= sum(len(head) for head, _ in kept) + sum(least) + 2 * (len(kept) - 1)
    left_out = next(every, None)
    while free < (len(_DOTS) + 2) * bool(left_out) and len(kept) > 1:
        left_out = kept.pop()
        free += len(left_out[0]) + least.pop() + 2
    free -= (len(_DOTS) + 2) * bool(left_out)
    extra = _shares([size - few for size, few in zip(sizes, least, strict=False)], free)
    shares = [min(few + more, room - 1) for few, more in zip(least, extra, strict=True)]
    texts = [head + brief(value, share) for (head, value), share in zip(kept, shares, strict=True)]
    if left_out:
        texts.append(_beginning(left_out, free - sum(extra) + len(_DOTS)))
    text = opening + ", ".join(texts)
    if room < len(opening + _DOTS + closing):
        return cut(text + closing, room)
    return cut(text, room - len(closing)) + closing


def cut(text: str, room: int = ROOM) -> str:
    """Return the text, cut to `room` characters with dots at its end."""
    return text if len(text) <= room else text[: max(room - len(_DOTS), 0)] + _DOTS


def plural(number: int, noun: str) -> str:
    """Return such as `1 call`, `2 calls`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _parts(value: Any) -> tuple[Iterable[Item], str, str] | None:
    """Return the items of a list, tuple or mapping, as `listed` takes them, and the brackets; None for others."""
    if isinstance(value, Mapping):
        return ((f"{brief(key, 30)}: ", item) for key, item in value.items()), "{", "}"
    if isinstance(value, list):
        return (("", item) for item in value), "[", "]"
    if type(value) is tuple:
        return (("", item) for item in value), "(", ",)" if len(value) == 1 else ")"
    return None


def _whole(value: Any, room: int, longest: int) -> str:
    """Return the value, its texts cut to the `longest`; the end may be missing where it exceeds the room."""
    if isinstance(value, (str, bytes)):
        return cut(repr(value[: max(longest, 0) + 1]), longest)
    if isinstance(value, type):
        return value.__name__
    parts = _parts(value)
    if parts is None:
        return " ".join(repr(value).split())
    items, text, closing = parts
    if room > 0:
        for number, (head, item) in enumerate(items):
            text += f"{', ' * bool(number)}{head}{_whole(item, room - 2, longest)}"
            if len(text) > room:  # more is not needed
                return text
    return text + closing


def _beginning(item: Item, room: int) -> str:
    """Return the beginning of an item that fits, and dots; numbers are not cut."""
    head, value = item
    cuttable = isinstance(value, (str, bytes)) or _parts(value)
    text = (head + (_whole(value, room, room) if cuttable else ""))[: room - len(_DOTS)]
    return text * (len(text) > len(_DOTS)) + _DOTS


def _least(value: Any, size: int) -> int:
    """Return the minimum size of a value; a number is never cut, since it would read as another one."""
    if isinstance(value, (str, bytes)):
        return min(size, _TEXT)
    return size if _parts(value) is None else min(size, len(_whole(value, _SEVERAL, _TEXT)), _SEVERAL)


def _shares(wanted: Sequence[int], room: int) -> list[int]:
    """Return the share of each: all that it wants, or an equal share of what the smaller ones leave."""
    got = [0] * len(wanted)
    left = len(wanted)
    for place in sorted(range(len(wanted)), key=wanted.__getitem__):
        got[place] = max(min(wanted[place], room // left), 0)
        room -= got[place]
        left -= 1
    return got
