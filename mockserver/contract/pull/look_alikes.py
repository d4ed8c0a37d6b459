"""Look-alikes of personal values by kind: names, addresses, phones, account numbers, texts, files."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from mockserver.contract.pictures import picture_size
from mockserver.contract.pull.scrambling import Scrambler

_EMAIL = re.compile(r"[^\s<>@,;:\"'()\[\]]+@[^\s<>@,;:\"'()\[\]]+")
_LINK = re.compile(r"(?:([a-z][a-z0-9+.-]*)://|www\.)([^\s/?#<>\"']+)([^\s<>\"']*)", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,-])(?:\+|00)?\d(?:[ ()./-]{0,2}\d){6,}(?![\w.,-])")
_CONTACT = re.compile("|".join(f"(?P<{name}>{p.pattern})" for name, p in
                               (("email", _EMAIL), ("link", _LINK), ("phone", _PHONE))), re.IGNORECASE)  # fmt: skip
_COUNTRY_CODE = re.compile(r"\s*(?:\+|00)\s*\d{2}")
_COUNTRY = re.compile(r"\s*[A-Za-z]{2}(?=[\s\d])")
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][\w:-]*)[^>]*?(/?)>|&#?\w+;", re.DOTALL)
DAYS = 180  # the most that a date is moved by


class LookAlikes:
    """Replacements for personal values; equal values have equal replacements."""

    def __init__(self, key: str) -> None:
        self.scrambler = Scrambler(key)
        self.of: dict[str, Callable[[Any], Any]] = {
            "name": self.name, "email": self.name, "address": self.name, "link": self.link, "phone": self.phone,
            "number": self.number, "text": self.text, "html": self.html, "file": self.file, "data": self.data,
            "date": self.date, "figure": self.figure, "place": lambda _: 0.0,
        }  # fmt: skip

    def name(self, value: str, tweak: str = "") -> str:
        """Replace e-mails, links and phones in a line by look-alikes, and scramble every other word."""
        found, at = [], 0
        for match in _CONTACT.finditer(value):
            found.append(self.scrambler.text(value[at : match.start()], tweak))
            kind = next(name for name in ("email", "link", "phone") if match.group(name))
            found.append({"email": self.email, "link": self.link, "phone": self.phone}[kind](match.group()))
            at = match.end()
        return "".join([*found, self.scrambler.text(value[at:], tweak)])

    def email(self, value: str) -> str:
        """Return an address at example.com; addresses of one domain stay recognizable as such."""
        local, _, domain = value.rpartition("@")
        return f"{self.scrambler.text(local)}.{self.scrambler.tag(domain.casefold())}@example.com"

    def link(self, value: str) -> str:
        """Return a URL at example.com with a scrambled path."""
        match = _LINK.match(value.strip())
        scheme, host, path = match.groups() if match else (None, *value.partition("/")[::2])
        start = f"{scheme}://" if scheme else "www."
        rest = path if match else f"/{path}" if path else ""
        return f"{start}{self.scrambler.tag(host.casefold())}.example.com{self.scrambler.text(rest)}"

    def phone(self, value: str) -> str:
        """Return a phone number with other digits; two digits of a country code stay."""
        head = _COUNTRY_CODE.match(value)
        start = head.end() if head else 0
        return value[:start] + self._scramble_characters(value[start:], str.isdecimal)

    def number(self, value: str) -> str:
        """Return a VAT or account number with other characters; the country's two letters stay."""
        head = _COUNTRY.match(value)
        start = head.end() if head else 0
        return value[:start] + self._scramble_characters(value[start:], str.isalnum)

    def _scramble_characters(self, value: str, chosen: Callable[[str], bool]) -> str:
        """Scramble the chosen characters as one word and leave the others."""
        characters = iter(self.scrambler.word("".join(filter(chosen, value)), "signs"))
        return "".join(next(characters) if chosen(char) else char for char in value)

    def text(self, value: str) -> str:
        """Scramble free text; the words depend on the whole text, so that frequent ones cannot be recognized."""
        return self.name(value, tweak=value)

    def html(self, value: str) -> str:
        """Scramble the text between tags; tags lose their attributes, comments their text."""
        found, at = [], 0
        for match in _MARKUP.finditer(value):
            found += [self.name(value[at : match.start()], tweak=value), _without_attributes(match)]
            at = match.end()
        return "".join([*found, self.name(value[at:], tweak=value)])

    def data(self, value: Any) -> Any:
        """Scramble the texts in a JSON value; keys stay."""
        if isinstance(value, dict):
            return {key: self.data(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.data(item) for item in value]
        return self.name(value) if isinstance(value, str) else value

    def date(self, value: str) -> str:
        """Return another day, at most `DAYS` away; the time of day stays."""
        moved = date.fromisoformat(value[:10]) + timedelta(self._offset(value[:10], DAYS))
        return moved.isoformat() + value[10:]

    def _offset(self, value: object, limit: int) -> int:
        """Return a whole number between -limit and limit that is not 0."""
        number = self.scrambler.number("other", value) % (2 * limit)
        return number - limit if number < limit else number - limit + 1

    def figure(self, value: float) -> float:
        """Return another number with as many digits."""
        text = f"{abs(value):.6f}".rstrip("0") if isinstance(value, float) else str(abs(value))
        digits = self.scrambler.text(text, "figure")
        changed = type(value)(f"1{digits[1:]}" if digits[0] == "0" else digits)
        return -changed if value < 0 else changed

    def file(self, value: Any) -> Any:
        """Return a picture of the same size in one colour, or as many random bytes for any other file (base64)."""
        try:
            content = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError, TypeError):
            return False
        size = picture_size(content)
        if size is not None:
            replacement = _picture(*size, self.scrambler.number("colour", value))
        elif content.lstrip()[:5].lower() in (b"<svg ", b"<?xml"):
            replacement = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
        else:
            replacement = self._bytes(value, len(content))
        return base64.b64encode(replacement).decode("ascii")

    def _bytes(self, value: str, length: int) -> bytes:
        blocks = (self.scrambler.number(value, at).to_bytes(16, "big") for at in range(0, length, 16))
        return b"".join(blocks)[:length]


def _without_attributes(match: re.Match[str]) -> str:
    """Return a tag without its attributes, an entity unchanged, a comment without its text."""
    if match.group(2):
        return f"<{match.group(1)}{match.group(2)}{match.group(3)}>"
    return "<!---->" if match.group().startswith("<!--") else match.group()


def _picture(width: int, height: int, colour: int) -> bytes:
    """Return a PNG in one colour, of at most 4096 pixels a side."""
    width, height = min(max(width, 1), 4096), min(max(height, 1), 4096)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    row = b"\0" + (colour & 0xFFFFFF).to_bytes(3, "big") * width
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(row * height, 9)) + chunk(b"IEND", b"")
