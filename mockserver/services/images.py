"""Images of records in the requested size, and a placeholder if there is none.

Differs: the placeholder is a plain grey picture.
Source: recorded in attach-images (17.0); the source of Odoo 17.0 (ir.binary, tools.image).
"""

from __future__ import annotations

import re
from dataclasses import replace

from mockserver.errors import MissingError, UserError
from mockserver.orm.fields import pictures
from mockserver.orm.records.environment import Environment
from mockserver.services.files import File, FileReference, digest, read_file

PNG = "image/png"
_PLACEHOLDER_SIDE = 256  # pixels
_OLD_SIZES = {"image": 1024, "image_medium": 128, "image_small": 64}
_SIZED = re.compile(r"(?!x_).*_([0-9]{2,4})")


def read_image(env: Environment, reference: FileReference, width: int = 0, height: int = 0, crop: bool = False) -> File:
    """Return the image, no larger than `width` and `height` (0 is any), cut to their proportion if `crop` is set.

    Raises what `read_file` raises, MissingError for an empty file, and UserError for one that cannot be scaled.
    """
    file, width, height = read_file(env, reference), max(width, 0), max(height, 0)
    if file.url:
        return file
    if not file.content:
        raise MissingError("The file is empty.")
    if not file.mimetype.startswith("image/"):
        # so that a browser does not run, as a page, what was requested as an image
        return replace(file, mimetype="application/octet-stream")
    if not (width or height):
        width = height = size_of(reference.field)
    try:
        content = pictures.scaled(file.content, width, height, crop=crop) if width or height else file.content
    except ValueError as error:  # not a picture, whatever its name says
        raise UserError("The image cannot be scaled.") from error
    if content is file.content:
        return file
    return replace(file, content=content, etag=f"{file.etag}-{width}x{height}-crop={crop}")


def placeholder(field: str = "", width: int = 0, height: int = 0, crop: bool = False) -> File:
    """Return the placeholder for a missing image, scaled down to the requested size or that of the field."""
    if not (width or height):
        width = height = size_of(field)
    wide = high = float(_PLACEHOLDER_SIDE)
    if crop and width > 0 and height > 0:
        wide, high = wide * min(1, width / height), high * min(1, height / width)
    scale = min(1, (width if width > 0 else wide) / wide, (height if height > 0 else high) / high)
    content = pictures.grey_png(max(1, round(wide * scale)), max(1, round(high * scale)))
    return File(content, "placeholder.png", PNG, digest(content))


def size_of(field: str) -> int:
    """Return the size that the name of an image field gives: 128 for `image_128`; 0 if it gives none."""
    sized = _SIZED.fullmatch(field)
    size = int(sized[1]) if sized else _OLD_SIZES.get(field, 0)
    return size if size >= 16 else 0
