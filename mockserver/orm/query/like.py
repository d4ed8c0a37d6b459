"""LIKE patterns: `%` matches any text, `_` one character, `\\` escapes the next character.

A pattern is split at `%` into pieces of fixed length, which are searched from left to right, each taken at its first
occurrence: a later one would leave less text for the rest.  So there is no backtracking, and a match costs at most the
length of the text times that of the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from mockserver.errors import DatabaseError
from mockserver.orm.query.short import kept_if_short
from mockserver.orm.storage.sheet import END

Test = Callable[[str], bool]
# the characters between two `%`; None stands for `_`
Piece = list["str | None"]


@kept_if_short(512)
def like(pattern: str, fold: bool) -> Test:
    """Return the predicate of a pattern; `fold` ignores case.

    Raises DatabaseError for a backslash at the end.  Differs: PostgreSQL raises it only if a text matches up to there.
    """
    pieces = _pieces(pattern.lower() if fold else pattern)
    return _plain(pieces, fold) or _general(pieces, fold)


@kept_if_short(512)
def searched(pattern: str) -> str | None:
    """Return the text that joined texts contain, in lower case, where one matches the pattern, ignoring case.

    `END` stands for the end of a text.  None for a pattern of more than one piece, for one that any text matches and
    for one that no text can hold.
    """
    pieces = _pieces(pattern.lower())
    if any(None in piece for piece in pieces):
        return None
    match list(map(_text, pieces)):
        case ["", part, ""]:
            found = part
        case [part]:
            found = f"{END}{part}{END}"
        case [part, ""]:
            found = f"{END}{part}"
        case ["", part]:
            found = f"{part}{END}"
        case _:
            return None
    return found if part and END not in part else None


def _pieces(pattern: str) -> list[Piece]:
    """Return the pieces before, between and after the `%`; consecutive `%` count as one."""
    pieces: list[Piece] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == "%":
            if pieces[-1] or len(pieces) == 1:
                pieces.append([])
            continue
        if character == "\\":
            following = next(characters, None)
            if following is None:
                raise DatabaseError("errors.InvalidEscapeSequence", "LIKE pattern must not end with escape character\n")
            pieces[-1].append(following)
        else:
            pieces[-1].append(None if character == "_" else character)
    return pieces


def _text(piece: Piece) -> str:
    """Return the characters of a piece without its `_`."""
    return "".join(character for character in piece if character is not None)


def _common(pieces: list[Piece]) -> tuple[str, str] | None:
    """Return how a text matches a common pattern, "contains", "equals", "starts" or "ends", and what; else None."""
    if any(None in piece for piece in pieces):
        return None
    match list(map(_text, pieces)):
        case ["", part, ""]:
            return "contains", part
        case [part]:
            return "equals", part
        case [part, ""]:
            return "starts", part
        case ["", part]:
            return "ends", part
    return None


def _plain(pieces: list[Piece], fold: bool) -> Test | None:
    """Return the predicate of a common pattern; else None."""
    match _common(pieces):
        case ["contains", part]:
            return (lambda text: part in text.lower()) if fold else (lambda text: part in text)
        case ["equals", part]:
            return (lambda text: text.lower() == part) if fold else (lambda text: text == part)
        case ["starts", part]:
            return (lambda text: text.lower().startswith(part)) if fold else (lambda text: text.startswith(part))
        case ["ends", part]:
            return (lambda text: text.lower().endswith(part)) if fold else (lambda text: text.endswith(part))
    return None


def like_any(patterns: Iterable[str], fold: bool) -> Test | None:
    """Return the predicate that one of some common patterns matches; None if one is of another kind.

    All parts of a text that are as long as a part that is looked for are looked up together, so that a text costs what
    it is long, however many patterns there are.
    """
    sought: dict[str, dict[int, set[str]]] = {}  # {kind: {length: parts}}
    for pattern in patterns:
        common = _common(_pieces(pattern.lower() if fold else pattern))
        if common is None:
            return None
        kind, part = common
        sought.setdefault(kind, {}).setdefault(len(part), set()).add(part)
    equal = set[str]().union(*sought.get("equals", {}).values())
    starts, ends, inner = (list(sought.get(kind, {}).items()) for kind in ("starts", "ends", "contains"))
    parts = [part for _, some in inner for part in some]

    def test(text: str) -> bool:
        if fold:
            text = text.lower()
        size = len(text)
        if text in equal or any(text[:n] in some for n, some in starts):
            return True
        if any(n <= size and text[size - n :] in some for n, some in ends):
            return True
        if size * len(inner) > len(parts):
            return any(part in text for part in parts)
        return any(not some.isdisjoint([text[i : i + n] for i in range(size - n + 1)]) for n, some in inner)

    return test


def _general(pieces: list[Piece], fold: bool) -> Test:
    head, tail = pieces[0], pieces[-1] if len(pieces) > 1 else []
    starts, ends = _matcher(head), _matcher(tail)
    between = [(_text(piece), _expression(piece) if None in piece else None, len(piece)) for piece in pieces[1:-1]]
    first, last, whole = len(head), len(tail), len(pieces) == 1

    def test(text: str) -> bool:
        if fold:
            text = text.lower()
        at, end = first, len(text) - last
        if at > end or (whole and at < end) or (starts and not starts(text)) or (ends and not ends(text, end)):
            return False
        for plain, mixed, size in between:
            if mixed is None:
                at = text.find(plain, at, end)
            else:
                at = found.start() if (found := mixed.search(text, at, end)) else -1
            if at < 0:
                return False
            at += size
        return True

    return test


def _matcher(piece: Piece) -> Callable[..., object] | None:
    return _expression(piece).match if piece else None


def _expression(piece: Piece) -> re.Pattern[str]:
    """Return the piece as a regular expression; it has no repetition, so that it never backtracks."""
    return re.compile("".join("." if c is None else re.escape(c) for c in piece), re.DOTALL)
