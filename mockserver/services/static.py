"""The pictures of the web client that others refer to, as plain grey ones of the same size.

Source: recorded in web-session (17.0): the size of `logo2.png`; Inferred for the others.
"""

from __future__ import annotations

from mockserver.orm.fields.pictures import grey_png

_SIZES = {"logo2.png": (300, 131), "logo.png": (180, 48), "nologo.png": (180, 48), "placeholder.png": (256, 256)}
_ROOT = "/web/static/img/"


def picture(path: str) -> bytes | None:
    """Return the PNG at a path such as `/web/static/img/logo2.png`; None for any other path."""
    size = _SIZES.get(path.removeprefix(_ROOT)) if path.startswith(_ROOT) else None
    return grey_png(*size) if size else None
