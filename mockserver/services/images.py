"""Images of records in the requested size, and a placeholder if there is none.

Differs: scaling needs Pillow (`pip install odoo-mockserver[image]`); without it, and for what Pillow cannot read, the
image is sent unchanged.  The placeholder is a plain grey picture.
Source: the source of Odoo 17.0 (ir.binary, tools.image).
"""

from __future__ import annotations

import functools
import io
import re
import struct
import zlib
from dataclasses import replace

from mockserver.errors import MissingError, UserError
from mockserver.orm.records.environment import Environment
from mockserver.services.files import File, FileReference, digest, locate, read_file

PNG = "image/png"
_MAX_SIDE = 1920  # pixels of a placeholder's side
_DEFAULT_SIZE = 256
_OLD_SIZES = {"image": 1024, "image_medium": 128, "image_small": 64}
_SIZED = re.compile(r"(?:image|avatar)_(\d{2,4})")
_MAX_PIXELS = 20_000_000  # of an image that is scaled


def read_image(env: Environment, reference: FileReference, width: int = 0, height: int = 0, crop: bool = False) -> File:
    """Return the image, no larger than `width` and `height` (0 is any), or exactly that size if `crop` is set.

    Raises what `read_file` raises.
    """
    file, width, height = _read_or_origin(env, reference), max(width, 0), max(height, 0)
    if not file.mimetype.startswith("image/"):
        # so that a browser does not run, as a page, what was requested as an image
        return replace(file, mimetype="application/octet-stream")
    if not (width or height):
        width = height = size_of(reference.field)
        crop = False
    content = scaled(file.content, width, height, crop) if (width or height) and not file.url else file.content
    if content is file.content:
        return file
    return replace(file, content=content, etag=f"{file.etag}-{width}x{height}-crop={crop}")


def placeholder(field: str = "", width: int = 0, height: int = 0) -> File:
    """Return the placeholder for a missing image, in the requested size or that of the field."""
    if not (width or height):
        width = height = size_of(field)
    width, height = (
        min(_MAX_SIDE, max(1, side)) for side in (width or height or _DEFAULT_SIZE, height or width or _DEFAULT_SIZE)
    )
    content = grey_png(width, height)
    return File(content, "placeholder.png", PNG, digest(content))


def _read_or_origin(env: Environment, reference: FileReference) -> File:
    """Return the field's file, or that of the field from which the real server computes it."""
    try:
        return read_file(env, reference)
    except MissingError:
        origin = _origin_field(reference.field)
        if not origin or locate(env, reference) is None:
            raise
    try:
        return read_file(env, replace(reference, field=origin))
    except UserError as error:
        raise MissingError("The field is empty.") from error


def _origin_field(field: str) -> str:
    if field.startswith("avatar_"):
        return field.replace("avatar_", "image_", 1)
    return {"image_medium": "image", "image_small": "image", "logo_web": "logo"}.get(field, "")


def size_of(field: str) -> int:
    """Return the size that the name of an image field gives: 128 for `image_128`; 0 if it gives none."""
    sized = _SIZED.fullmatch(field)
    size = int(sized[1]) if sized else _OLD_SIZES.get(field, 0)
    return size if size >= 16 else 0


def scaled(content: bytes, width: int, height: int, crop: bool = False) -> bytes:
    """Return the image scaled down, in its own format; unchanged if it is small enough or cannot be scaled."""
    try:
        from PIL import Image, ImageOps
    except ImportError:
        return content
    try:
        with Image.open(io.BytesIO(content)) as image:
            wide, high = image.size
            if wide * high > _MAX_PIXELS:
                return content
            box = (min(width or wide, wide), min(height or high, high))
            if box == image.size or (not crop and wide <= box[0] and high <= box[1]):
                return content
            kind, out = image.format, io.BytesIO()
            if crop:
                ImageOps.fit(image, box).save(out, kind)
            else:
                image.thumbnail(box)
                image.save(out, kind)
            return out.getvalue()
    except Exception:  # Pillow raises errors of any class for a broken file
        return content


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
