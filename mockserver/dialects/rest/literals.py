"""Python literals in parameters, such as `[('name', 'like', 'x')]`: read as literals only, whatever they say.

Source: rest-flectra §3.
"""

from __future__ import annotations

import ast
import re
from typing import Any

MAX_LENGTH = 100_000  # characters; a filter of some thousand ids is far below
MAX_DEPTH = 50  # brackets within brackets; beyond any domain
MAX_NUMBER = 1_000  # characters; more than any float has, and Python itself reads no integer of 4301 digits

_TEXT = r"'(?:[^'\\\n]|\\.)*'|" + r'"(?:[^"\\\n]|\\.)*"'
_LONG_TEXT = r"'''(?:[^\\]|\\.)*?'''|" + r'"""(?:[^\\]|\\.)*?"""'
_DIGITS = r"[0-9](?:_?[0-9])*"
# two runs of digits are never side by side: a run could then be cut anywhere, and each cut would be tried
_NUMBER = (
    r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
    rf"|(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?"
)
# all that a literal is made of; a sign belongs to a number
_TOKEN = re.compile(
    rf"\s+|(?P<text>(?:(?P<raw>[rR])|[uU])?(?:{_LONG_TEXT}|{_TEXT}))|(?P<number>[+-]?\s*(?:{_NUMBER})(?![\w.]))"
    r"|(?P<word>(?:True|False|None)(?!\w))|(?P<open>[\[({])|(?P<close>[\])}])|(?P<mark>[,:])",
    re.DOTALL,
)
_BEGINS, _ENDS = {"text", "number", "word", "open"}, {"text", "number", "word", "close"}  # parts of a value
# a backslash that escapes nothing stands for itself; Python takes it so as well, with a warning
_NO_ESCAPE = re.compile(r"\\(?:(?P<known>[\n\\'\"abfnrtvxuUN]|[0-3][0-7]{0,2}|[4-7][0-7]?)|(?=.))", re.DOTALL)


class NotALiteral(ValueError):
    """The text is no Python literal, or a larger or deeper one than is read here; says what is wrong."""


def parse(text: str) -> Any:
    """Return the value of a Python literal: lists, tuples, sets, mappings, texts, numbers, True, False, None.

    Raises `NotALiteral` for anything else, before Python's own reader sees it: so no text, however deep or
    strange, costs more than its length.  Differs: bytes, complex numbers and comments are refused as well.
    """
    if len(text) > MAX_LENGTH:
        raise NotALiteral(f"a literal of {len(text)} characters; {MAX_LENGTH} are the most")
    checked = _checked(text)
    try:
        return ast.literal_eval(checked)
    except (SyntaxError, ValueError, TypeError) as error:
        raise NotALiteral(f"no Python literal: {error}") from None


def _checked(text: str) -> str:
    """Return the text with one blank between its parts, all of them parts of literals and not nested too deeply.

    A value stands beside another only as one more piece of a text: so there are no calls, items and sums,
    which nest without brackets.
    """
    parts, at, depth, before = [], 0, 0, ""
    while at < len(text):
        found = _TOKEN.match(text, at)
        kind = found.lastgroup if found is not None else None
        if found is None or (kind in _BEGINS and before in _ENDS and (kind, before) != ("text", "text")):
            raise NotALiteral(f"no Python literal: {text[at : at + 20]!r} at character {at}")
        at = found.end()
        if kind is None:  # blanks
            continue
        if kind == "number" and len(found[0]) > MAX_NUMBER:
            raise NotALiteral(f"a number of {len(found[0])} characters; {MAX_NUMBER} are the most")
        depth += (kind == "open") - (kind == "close")
        if depth > MAX_DEPTH:
            raise NotALiteral(f"brackets nested more than {MAX_DEPTH} deep")
        plain = kind == "text" and found["raw"] is None
        parts.append(_NO_ESCAPE.sub(_escaped, found[0]) if plain else found[0])
        before = kind
    return " ".join(parts)


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found["known"] else "\\\\"
