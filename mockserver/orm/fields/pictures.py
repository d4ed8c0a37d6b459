"""Pictures: opened, scaled down, cropped and drawn.

Scaling needs Pillow (`pip install odoo-mockserver[images]`).  Differs: without it every picture keeps its size, and
only its first bytes are checked.
Source: recorded in attach-images (17.0); the source of Odoo 17.0 (tools.image).
"""

from __future__ import annotations

import functools
import html
import importlib.util
import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 50_000_000
# the first bytes of files that Pillow reads
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"\x00\x00\x01\x00", b"II*\x00", b"MM\x00*")
_ORIENTATION = 0x0112  # the tag of EXIF
# the formats that the real server writes; others become JPEG
_WRITTEN = {"PNG": "PNG", "JPEG": "JPEG", "GIF": "GIF", "ICO": "ICO", "BMP": "PNG"}


class NotAPicture(ValueError):
    """The bytes are no picture, or it cannot be read."""


class TooLarge(ValueError):
    """The picture has more than `MAX_PIXELS`."""


def scaled(content: bytes, width: int, height: int, *, crop: bool = False, quality: int = 0) -> bytes:
    """Return the picture no larger than `width` and `height` (0 is any), with `crop` cut to their proportion first.

    SVG, WebP and GIF keep their size, and a picture that is small enough stays as it is, if its format is one that the
    server writes.  `quality` is that of a JPEG, 0 for the default.  Raises NotAPicture and TooLarge.
    """
    if not content or content.startswith(b"<") or (content[:4] == b"RIFF" and content[8:15] == b"WEBPVP8"):
        return content
    size = _png_size(content)
    if size and not quality and _fits(size, width, height):  # without Pillow, which takes long to import
        return content
    if not (pillow_is_there() or content.startswith(_SIGNATURES)):
        raise NotAPicture
    try:
        return _scaled(content, width, height, crop, quality) if pillow_is_there() else content
    except TooLarge:
        raise
    except Exception as error:  # Pillow raises errors of any class for a broken file
        raise NotAPicture from error


def _scaled(content: bytes, width: int, height: int, crop: bool, quality: int) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as opened:
        kind = opened.format or ""
        if opened.width * opened.height > MAX_PIXELS:
            raise TooLarge
        turned = opened.getexif().get(_ORIENTATION, 1) in range(2, 9)
        resized = picture = ImageOps.exif_transpose(opened) if turned else opened
        if kind != "GIF":
            if crop and width and height:
                resized = _cropped(resized, width, height)
            resized = _fitted(resized, width, height)
        format_ = _WRITTEN.get(kind, "JPEG")
        if resized is picture and format_ == kind and not quality:
            return content
        return _encoded(resized, format_, quality)


def pillow_is_there() -> bool:
    """Return whether Pillow is installed."""
    return importlib.util.find_spec("PIL") is not None


def fits(content: bytes, width: int, height: int) -> bool:
    """Return whether the picture is no larger than that, or cannot be measured; raises NotAPicture."""
    size = _png_size(content)
    if size is None and pillow_is_there():
        from PIL import Image

        try:
            with Image.open(io.BytesIO(content)) as opened:
                size = opened.size
        except Exception as error:
            raise NotAPicture from error
    return size is None or _fits(size, width, height)


def _png_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG picture, None for other bytes."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) < 33:
        return None
    header = content[12:29]
    if header[:4] != b"IHDR" or zlib.crc32(header) != int.from_bytes(content[29:33], "big"):
        return None
    return int.from_bytes(header[4:8], "big"), int.from_bytes(header[8:12], "big")


def _fits(size: tuple[int, int], width: int, height: int) -> bool:
    return size[0] <= (width or size[0]) and size[1] <= (height or size[1]) and size[0] * size[1] <= MAX_PIXELS


def _fitted(picture: Image, width: int, height: int) -> Image:
    """Return the picture scaled down so that it fits."""
    if not (width or height):
        return picture
    from PIL.Image import Resampling

    wide, high = picture.size
    box = (width or max(wide * height // high, 1), height or max(high * width // wide, 1))
    if wide <= box[0] and high <= box[1]:
        return picture
    smaller = picture.copy()
    smaller.thumbnail(box, Resampling.LANCZOS)
    return smaller if smaller.size != picture.size else picture


def _cropped(picture: Image, width: int, height: int) -> Image:
    """Return the largest part around the middle that has the proportion of `width` and `height`."""
    wide, high = picture.size
    if wide / width > high / height:
        size = (max(width * high // height, 1), high)
    else:
        size = (wide, max(height * wide // width, 1))
    if size == picture.size:
        return picture
    left, top = int((wide - size[0]) * 0.5), int((high - size[1]) * 0.5)
    return picture.crop((left, top, left + size[0], top + size[1]))


def _encoded(picture: Image, format_: str, quality: int) -> bytes:
    options: dict[str, Any] = {"optimize": True}
    if format_ == "PNG" and quality and picture.mode != "P":
        from PIL.Image import Palette

        picture = picture.convert("RGBA").convert("P", palette=Palette.WEB, colors=256)
    elif format_ == "JPEG":
        options["quality"] = quality or 95
        if picture.mode not in ("1", "L", "RGB"):
            picture = picture.convert("RGB")
    elif format_ == "GIF":
        options["save_all"] = True
    elif picture.mode not in ("1", "L", "P", "RGB", "RGBA"):
        picture = picture.convert("RGB")
    out = io.BytesIO()
    picture.save(out, format_, **options)
    return out.getvalue()


# -- drawn


def initial_svg(name: str) -> bytes:
    """Return a square SVG picture with the first letter of a name on a colour that the name decides."""
    hue = zlib.crc32(name.encode("utf-8", "replace")) % 360
    letter = html.escape(name[:1].upper())
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<svg xmlns="http://www.w3.org/2000/svg" width="180" height="180">'
        f'<rect width="180" height="180" fill="hsl({hue}, 45%, 45%)"/>'
        '<text x="90" y="125" font-family="sans-serif" font-size="96" text-anchor="middle" fill="#ffffff">'
        f"{letter}</text></svg>"
    ).encode("utf-8", "replace")


@functools.lru_cache(maxsize=16)
def grey_png(width: int, height: int) -> bytes:
    """Return a grey PNG picture with a darker edge, 8 bits per pixel."""
    edge = b"\0" + b"\x99" * width
    line = b"\0" + (b"\x99" + b"\xdd" * (width - 2) + b"\x99")[:width]
    rows = [edge, *[line] * (height - 2), edge][:height]
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
