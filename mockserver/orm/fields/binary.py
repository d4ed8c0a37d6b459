"""Field types for files, as base64 texts, and images.

Source: versions.md §7.3; recorded in core-types (17.0).
"""

from __future__ import annotations

import base64
from typing import Any

from mockserver.errors import UserError
from mockserver.orm.fields import json_values
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.spaces import Files, Known, Space

# the first bytes of files that the real server accepts as images
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"<", b"\x00\x00\x01\x00", b"II*\x00", b"MM\x00*")


class Binary(Field):
    type = "binary"
    grouped = False
    holds = "file"
    property_column = "value_binary"
    json_value = json_values.FILE

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        content = base64.b64decode(value)
        self.check(content)
        return base64.b64encode(content).decode("ascii") or None

    def to_result(self, value: Any) -> Any:
        return None if value is False else value

    def check(self, content: bytes) -> None:
        """Raise UserError for a file that the field does not accept."""

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        if value is None or (bin_size and not value):
            return False
        return human_size(len(base64.b64decode(value))) if bin_size else value

    def to_condition(self, value: Any) -> Any:
        return value or None

    def space(self, known: Known) -> Space | None:
        return Files(form=lambda content: base64.b64encode(content).decode())

    def _describe_own(self) -> dict[str, Any]:
        return {"attachment": True}


def human_size(size: float) -> str:
    """Return a number of bytes as `bin_size` shows it, such as `5.00 bytes` or `1.50 Kb`."""
    units = iter(("bytes", "Kb", "Mb"))
    for unit in units:
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} Gb"


class Image(Binary):
    """Differs: the real server opens the image and scales it; here only its first bytes are checked."""

    type = "image"

    def to_result(self, value: Any) -> Any:
        return value or None

    def check(self, content: bytes) -> None:
        if content and not content.startswith(_SIGNATURES):
            raise UserError("This file could not be decoded as an image file.")

    @property
    def described_type(self) -> str:
        return "binary"

    def space(self, known: Known) -> Space | None:
        return None  # random bytes are refused
