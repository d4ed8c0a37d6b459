"""Kind and size of a picture, by its first bytes."""

from __future__ import annotations

import re
import struct


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG, 1 by 1 for any other picture, None for other files."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content.startswith(b"GIF8") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width), int(height)
    if content.startswith(b"\xff\xd8\xff"):
        frame = re.search(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", content, re.DOTALL)
        return (int.from_bytes(frame[2], "big"), int.from_bytes(frame[1], "big")) if frame else (1, 1)
    return (1, 1) if content.startswith((b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")) else None


_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"\xff\xd8", "jpeg"))


def described(content: bytes) -> str | None:
    """Return `png 128x64`, or `webp` or `svg` without a size; None for what is no picture."""
    kind = next((kind for start, kind in _KINDS if content.startswith(start)), None)
    size = picture_size(content) if kind else None
    if kind and size:
        return f"{kind} {size[0]}x{size[1]}"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    is_svg = content.lstrip().startswith((b"<?xml", b"<svg ")) and b"<svg" in content[:400]
    return "svg" if is_svg else None
