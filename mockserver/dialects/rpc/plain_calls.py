"""XML-RPC calls in the form that nearly all clients send, read by splitting the document at its tags.

A tree of elements takes twice as long.  `read` refuses every document that is not in this form: those are for the
standard library's reader, which gives the same for the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MAX_DEPTH = 50  # nested arrays and structs

_BLANKS = " \t\n"
_DECLARATIONS = frozenset(
    f"?xml version={quote}1.0{quote}{encoding}?"
    for quote in "'\""
    for encoding in ("", f" encoding={quote}utf-8{quote}", f" encoding={quote}UTF-8{quote}")
)
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
# what XML forbids, characters of one byte and of three; and all bytes but "<" and ">"
_CONTROLS, _NONCHARACTERS = bytes({*range(32)} - {9, 10, 13}), (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_ALL_BUT_BRACKETS = bytes({*range(256)} - {*b"<>"})


class NotPlain(ValueError):
    """The document is in another form, or is no call."""


def read(document: bytes) -> tuple[tuple[Any, ...], str]:
    """Return `(parameters, method name)`; raises NotPlain, or errors of other classes, for any other document."""
    if len(document.translate(None, _CONTROLS)) < len(document) or any(map(document.__contains__, _NONCHARACTERS)):
        raise NotPlain
    brackets = document.translate(None, _ALL_BUT_BRACKETS)
    if brackets != b"<>" * (len(brackets) // 2):  # so the pieces between them are a text and a tag in turn
        raise NotPlain
    text = document.decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    pieces = text.replace("<", ">").split(">")
    if not pieces[0] and pieces[1] in _DECLARATIONS:
        del pieces[:2]
    tags, texts = pieces[1::2], pieces[::2]
    if tags[:4] != _CALL:
        raise NotPlain
    method, params, at = _taken(texts, 2), [], 4
    while tags[at] == "param":
        value, at = _value(tags, texts, at + 1, 0)
        params.append(value)
        if tags[at] != "/param":
            raise NotPlain
        at += 1
    if tags[at:] != _CALL_END or "".join(texts).strip(_BLANKS):
        raise NotPlain
    return tuple(params), _text(method)


def _taken(texts: list[str], at: int) -> str:
    """Return a text that is part of the call, and put an empty one in its place: what remains must be blank."""
    found, texts[at] = texts[at], ""
    return found


def _value(tags: list[str], texts: list[str], at: int, depth: int) -> tuple[Any, int]:
    """Return the value whose first tag has this place, and the place behind it.  `texts[at]` is that before a tag."""
    if tags[at] != "value":
        raise NotPlain
    kind = tags[at + 1]
    read_text, end = _READERS.get(kind, _UNKNOWN)
    if tags[at + 2 : at + 4] == end:
        return read_text(_taken(texts, at + 2)), at + 4
    if kind == "/value":
        return _text(_taken(texts, at + 1)), at + 2
    if kind == "nil/" and tags[at + 2] == "/value":
        return None, at + 3
    if depth == MAX_DEPTH:
        raise NotPlain
    return (_array if kind == "array" else _struct)(tags, texts, at + 1, depth + 1)


def _array(tags: list[str], texts: list[str], at: int, depth: int) -> tuple[list[Any], int]:
    if tags[at + 1] != "data":
        raise NotPlain
    found: list[Any] = []
    at += 2
    while tags[at] == "value":
        read_text, end = _READERS.get(tags[at + 1], _UNKNOWN)
        if tags[at + 2 : at + 4] == end:  # as in _value
            found.append(read_text(texts[at + 2]))
            texts[at + 2] = ""
            at += 4
        else:
            value, at = _value(tags, texts, at, depth)
            found.append(value)
    if tags[at : at + 3] != _ARRAY_END:
        raise NotPlain
    return found, at + 3


def _struct(tags: list[str], texts: list[str], at: int, depth: int) -> tuple[dict[str, Any], int]:
    if tags[at] != "struct":
        raise NotPlain
    found: dict[str, Any] = {}
    at += 1
    while tags[at : at + 3] == _NAME:
        name = _text(_taken(texts, at + 2))
        found[name], at = _value(tags, texts, at + 3, depth)
        if tags[at] != "/member":
            raise NotPlain
        at += 1
    if tags[at : at + 2] != _STRUCT_END:
        raise NotPlain
    return found, at + 2


def _text(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    named, decimal, hexadecimal = reference.groups()
    if named:
        return _NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal or "0", 16)
    allowed = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    if not allowed:
        raise NotPlain
    return chr(code)


def _none(text: str) -> None:
    return None


_CALL, _CALL_END = ["methodCall", "methodName", "/methodName", "params"], ["/params", "/methodCall"]
_ARRAY_END, _NAME, _STRUCT_END = ["/data", "/array", "/value"], ["member", "name", "/name"], ["/struct", "/value"]
_TYPES: dict[str, Callable[[str], Any]] = {
    "string": _text, "int": int, "i4": int, "i8": int, "double": float,
    "boolean": {"0": False, "1": True}.__getitem__, "nil": _none,
}  # fmt: skip
# what reads a text, and the tags behind it, by type
_READERS = {kind: (read_text, [f"/{kind}", "/value"]) for kind, read_text in _TYPES.items()}
_UNKNOWN: tuple[Callable[[str], Any], list[str]] = _none, ["no tags"]
