"""Where the data that comes with the package is."""

from __future__ import annotations

import functools
from pathlib import Path


@functools.cache
def folder() -> Path:
    """Return the folder of the packs: inside the installed package, or beside it in a source checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "fixtures"
    return installed if (installed / "base.json").is_file() else here.parent / "fixtures"
