"""Field types for files, as base64 texts, and images.

Source: versions.md §7.3; recorded in core-types (17.0).
"""

from __future__ import annotations

import base64
from typing import Any

from mockserver.errors import UserError
from mockserver.orm.fields import json_values, pictures
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.spaces import Files, Known, Space


class Binary(Field):
    type = "binary"
    stored_alone = False
    grouped = False
    holds = "file"
    property_column = "value_binary"
    json_value = json_values.FILE

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        return base64.b64encode(base64.b64decode(value)).decode("ascii") or None

    def to_result(self, value: Any) -> Any:
        return None if value is False else value

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        if value is None or (bin_size and not value):
            return False
        return human_size(len(base64.b64decode(value))) if bin_size and isinstance(value, str) else value

    def to_condition(self, value: Any) -> Any:
        return value or None

    def space(self, known: Known) -> Space | None:
        return Files(form=lambda content: base64.b64encode(content).decode())

    def _describe_own(self) -> dict[str, Any]:
        return {"attachment": self.attachment}


def file_struct(value: Any) -> Any:
    """Return the content of a file and its size, as binary fields read from 20 on; False if there is none.

    Some computed fields of the type hold no file but a list, which stays.

    Inferred: odoo-20 §7; a file name does not come with it here.
    """
    if not value or not isinstance(value, (str, bytes)):
        return value or False
    content = value if isinstance(value, bytes) else base64.b64decode(value)
    return {"content": base64.b64encode(content).decode("ascii"), "size": len(content)}


def human_size(size: float) -> str:
    """Return a number of bytes as `bin_size` shows it, such as `5.00 bytes` or `1.50 Kb`."""
    units = iter(("bytes", "Kb", "Mb"))
    for unit in units:
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} Gb"


def column_size(text: str | None) -> Any:
    """Return the length of a base64 text as the database shows it, such as `8 bytes` or `12 kB`; False for NULL."""
    if text is None:
        return False
    size, units = len(text), iter(("bytes", "kB", "MB"))
    for unit in units:
        if size < 10 * 1024:
            return f"{size} {unit}"
        size = (size + 512) // 1024
    return f"{size} GB"


class Image(Binary):
    """A picture, scaled down to `max_width` and `max_height` when it is written."""

    type = "image"

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        try:
            content = base64.b64decode(value)
        except Exception as error:
            raise UserError("Image is not encoded in base64.") from error
        try:
            content = pictures.scaled(content, self.max_width, self.max_height)
        except pictures.NotAPicture as error:
            raise UserError("This file could not be decoded as an image file.") from error
        except pictures.TooLarge as error:
            raise UserError(
                f"Too large image (above {pictures.MAX_PIXELS / 1e6}Mpx), reduce the image size."
            ) from error
        return base64.b64encode(content).decode("ascii") or None

    def to_result(self, value: Any) -> Any:
        return self.to_store(value) if value and (self.max_width or self.max_height) else value or None

    def from_related(self, value: Any) -> Any:
        return self.to_result(value)

    @property
    def described_type(self) -> str:
        return "binary"

    def space(self, known: Known) -> Space | None:
        return None  # random bytes are refused
