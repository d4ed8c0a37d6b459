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
# all bytes but "<", ">" and the characters of one byte that XML forbids; and those of three that it forbids
_HARMLESS = bytes({9, 10, 13, *range(32, 256)} - {*b"<>"})
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


class NotPlain(ValueError):
    """The document is in another form, or is no call."""


def read(document: bytes) -> tuple[tuple[Any, ...], str]:
    """Return `(parameters, method name)`; raises NotPlain, or errors of other classes, for any other document."""
    marks = document.translate(None, _HARMLESS)
    if marks != b"<>" * (len(marks) // 2):  # so nothing is forbidden, and the pieces are a text and a tag in turn
        raise NotPlain
    if not document.isascii() and any(map(document.__contains__, _NONCHARACTERS)):
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
    method, texts[2], params, at = texts[2], "", [], 4
    while tags[at] == "param":
        value, at = _values(tags, texts, at + 1, 0, "/param")
        params += value
    # the texts that were read are empty now: what remains must be blank
    if tags[at:] != _CALL_END or "".join(texts).strip(_BLANKS):
        raise NotPlain
    return tuple(params), _text(method)


def _values(tags: list[str], texts: list[str], at: int, depth: int, end: str) -> tuple[list[Any], int]:
    """Return the values whose first tag has this place, and the place behind the tag that ends them.

    `texts[at]` is the text before a tag.  There is one value, but in an array any number.
    """
    found: list[Any] = []
    while tags[at] == "value":
        kind = tags[at + 1]
        closing = _CLOSING.get(kind)
        if closing is not None and tags[at + 2] == closing and tags[at + 3] == "/value":
            text, texts[at + 2] = texts[at + 2], ""
            found.append(text if kind == "string" and "&" not in text else _TYPES[kind](text))
            at += 4
        elif kind == "/value":
            text, texts[at + 1] = texts[at + 1], ""
            found.append(_text(text))
            at += 2
        elif kind == "nil/" and tags[at + 2] == "/value":
            found.append(None)
            at += 3
        else:
            value, at = _container(tags, texts, at + 1, depth + 1)
            found.append(value)
    if tags[at] != end or (end != "/data" and len(found) != 1):
        raise NotPlain
    return found, at + 1


def _container(tags: list[str], texts: list[str], at: int, depth: int) -> tuple[Any, int]:
    """Return the array or struct whose tag has this place, and the place behind its value."""
    found: Any
    if depth > MAX_DEPTH:
        raise NotPlain
    if tags[at : at + 2] == _ARRAY:
        found, at = _values(tags, texts, at + 2, depth, "/data")
        ends = tags[at] == "/array"
    else:
        ends, found, at = tags[at] == "struct", {}, at + 1
        while tags[at : at + 3] == _NAME:
            name, texts[at + 2] = texts[at + 2], ""
            (found[_text(name)],), at = _values(tags, texts, at + 3, depth, "/member")
        ends = ends and tags[at] == "/struct"
    if not ends or tags[at + 1] != "/value":
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
_ARRAY, _NAME = ["array", "data"], ["member", "name", "/name"]
_TYPES: dict[str, Callable[[str], Any]] = {
    "string": _text, "int": int, "i4": int, "i8": int, "double": float,
    "boolean": {"0": False, "1": True}.__getitem__, "nil": _none,
}  # fmt: skip
_CLOSING = {kind: f"/{kind}" for kind in _TYPES}
