"""The server's own texts in other languages: labels, names of its records, messages.

Each language has a file beside the packs, such as `terms/fr_FR.json`: `{"terms": {English: translation}}`.  Where
generations differ, the translation is a list of `{"since", "until", "text"}`; the first that fits counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mockserver.profiles.generations import FIRST, offered
from mockserver.shipped import folder


@cache
def _files() -> Mapping[str, Path]:
    """Return `{language: file}`; a name that a client sends is looked up here and never becomes a path."""
    return {path.stem: path for path in (folder() / "terms").glob("*.json")}


@cache
def catalogue(lang: str, generation: int) -> Mapping[str, str]:
    """Return `{English: translation}` of a language in a generation; empty for a language without a file."""
    path = _files().get(lang)
    if path is None:
        return {}
    found: dict[str, str] = {}
    for source, given in json.loads(path.read_text("utf-8"))["terms"].items():
        variants: list[dict[str, Any]] = [{"text": given}] if isinstance(given, str) else given
        for variant in variants:
            if offered(generation, variant.get("since", FIRST), variant.get("until")):
                found[source] = variant["text"]
                break
    return found
