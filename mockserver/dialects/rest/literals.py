"""Python literals in parameters, such as `[('name', 'like', 'x')]`, which are parsed and never evaluated.

Source: rest-flectra §3.
"""

from __future__ import annotations

import ast
import re
from typing import Any

MAX_LENGTH = 100_000  # characters; enough for a filter of several thousand ids
MAX_DEPTH = 50  # nested brackets; more than any domain has
MAX_NUMBER = 1_000  # characters; more than any float has, and Python itself reads no integer of 4301 digits

_TEXT = r"'(?:[^'\\\n]|\\.)*'|" + r'"(?:[^"\\\n]|\\.)*"'
_LONG_TEXT = r"'''(?:[^\\]|\\.)*?'''|" + r'"""(?:[^\\]|\\.)*?"""'
_DIGITS = r"[0-9](?:_?[0-9])*"
# two repetitions of digits are never adjacent: the regular expression would try every way to divide the digits
_NUMBER = (
    r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
    rf"|(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?"
)
# the tokens of literals; a sign belongs to its number
_TOKEN = re.compile(
    rf"\s+|(?P<text>(?:(?P<raw>[rR])|[uU])?(?:{_LONG_TEXT}|{_TEXT}))|(?P<number>[+-]?\s*(?:{_NUMBER})(?![\w.]))"
    r"|(?P<word>(?:True|False|None)(?!\w))|(?P<open>[\[({])|(?P<close>[\])}])|(?P<mark>[,:])",
    re.DOTALL,
)
_BEGINS, _ENDS = (
    {"text", "number", "word", "open"},
    {"text", "number", "word", "close"},
)  # token kinds that can begin and end a value
# a backslash before another character stands for itself, as in Python, which gives a warning
_NO_ESCAPE = re.compile(r"\\(?:(?P<known>[\n\\'\"abfnrtvxuUN]|[0-3][0-7]{0,2}|[4-7][0-7]?)|(?=.))", re.DOTALL)


class NotALiteral(ValueError):
    """The text is not a Python literal, or exceeds a limit; the message gives the reason."""


def parse(text: str) -> Any:
    """Return the value of a Python literal: lists, tuples, sets, mappings, texts, numbers, True, False, None.

    Raises `NotALiteral` for anything else before Python's parser is called, so that the time is linear in the
    length of any text.  Differs: bytes, complex numbers and comments are refused as well.
    """
    if len(text) > MAX_LENGTH:
        raise NotALiteral(f"a literal of {len(text)} characters; the limit is {MAX_LENGTH}")
    checked = _checked(text)
    try:
        return ast.literal_eval(checked)
    except (SyntaxError, ValueError, TypeError) as error:
        raise NotALiteral(f"not a Python literal: {error}") from None


def _checked(text: str) -> str:
    """Return the tokens of the text joined by spaces; raises `NotALiteral` for other tokens and too deep nesting.

    Two adjacent values are refused unless both are texts.  This excludes calls, subscripts and sums, which could
    nest without brackets.
    """
    parts, at, depth, before = [], 0, 0, ""
    while at < len(text):
        found = _TOKEN.match(text, at)
        kind = found.lastgroup if found is not None else None
        if found is None or (kind in _BEGINS and before in _ENDS and (kind, before) != ("text", "text")):
            raise NotALiteral(f"not a Python literal: {text[at : at + 20]!r} at character {at}")
        at = found.end()
        if kind is None:  # white space
            continue
        if kind == "number" and len(found[0]) > MAX_NUMBER:
            raise NotALiteral(f"a number of {len(found[0])} characters; the limit is {MAX_NUMBER}")
        depth += (kind == "open") - (kind == "close")
        if depth > MAX_DEPTH:
            raise NotALiteral(f"brackets nested more than {MAX_DEPTH} deep")
        plain = kind == "text" and found["raw"] is None
        parts.append(_NO_ESCAPE.sub(_escaped, found[0]) if plain else found[0])
        before = kind
    return " ".join(parts)


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found["known"] else "\\\\"
