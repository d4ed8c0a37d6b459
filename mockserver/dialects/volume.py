"""How much a body may hold: reading what is small in bytes but large as values would keep every other client waiting.

Bytes are counted before anything is read, which takes a hundredth of the time of reading them.  A body of less
than two megabytes is not even counted.
"""

from __future__ import annotations

import json
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge

MAX_VALUES = 1_500_000  # of JSON: what a table of 100,000 rows with 14 columns has
MAX_ELEMENTS = 5_000_000  # of XML, attributes included; a text has two, a member of a struct four with its value
MAX_DIGITS = 500  # of a number; reading one takes time by the square of its length
MAX_ESCAPES = 2_000_000  # `%41` of a form
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG, _SOME = b"0" * (MAX_DIGITS + 1), b"0" * 10


def is_short(text: str | bytes) -> bool:
    """Return whether a body is so short that it is read in no time, whatever it holds."""
    return len(text) <= MAX_VALUES


def json_value(text: str | bytes, **how: Any) -> Any:
    """Return what `json.loads` does, with `how`; raises RequestEntityTooLarge too, for more than the limits.

    Differs: the real server has no limit but that of bytes.
    """
    if not is_short(text):
        _check_json(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    return json.loads(text, **how)


def _check_json(text: bytes) -> None:
    if _excess(text) is None:
        return
    # look again without the texts in it; an escaped quotation mark ends none, unless its backslash is escaped itself
    text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    if text.count(b'"') <= 4 * MAX_VALUES:  # each value has at most a name and a text
        text = b'"'.join(text.split(b'"')[::2])
    excess = _excess(text)
    if excess is not None:
        raise RequestEntityTooLarge(excess)


TOO_LONG = f"A number in the body has more than {MAX_DIGITS} digits"


def _excess(text: bytes) -> str | None:
    """Return what is too much in JSON; texts that look like values are counted, too."""
    # a comma stands before each value of a list or an object, but a bracket before its first
    if text.count(b",") + text.count(b"[") + text.count(b"{") > MAX_VALUES:
        return f"The body has more than {MAX_VALUES:,} values; send them in several requests"
    # among so many digits, each of some that stand at equal distances is one
    if _SOME in text[:: MAX_DIGITS // len(_SOME)].translate(_DIGITS) and _LONG in text.translate(_DIGITS):
        return TOO_LONG
    return None


def check_xml(document: bytes) -> None:
    """Raise RequestEntityTooLarge for more elements than the limit; the reader counts digits.

    Differs: the real server has no limit but that of bytes.
    """
    attributes = document.count(b'="') + document.count(b"='")
    if document.count(b"<") - document.count(b"</") + attributes > MAX_ELEMENTS:
        raise RequestEntityTooLarge(f"The body has more than {MAX_ELEMENTS:,} elements; send them in several requests")


def check_form(body: bytes) -> None:
    """Raise RequestEntityTooLarge for more escapes than the limit."""
    if body.count(b"%") > MAX_ESCAPES:
        raise RequestEntityTooLarge(
            f"The form has more than {MAX_ESCAPES:,} escapes; send a large value as multipart/form-data"
        )
