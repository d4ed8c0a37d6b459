"""The public methods that models of the business modules have on real servers, also those that the mock lacks.

They stand in `methods/*.json` beside the packs, and are read only when a client calls a method that a model lacks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from mockserver.profiles.generations import FIRST, offered
from mockserver.shipped import folder


def known(model: str, method: str, generation: int) -> bool:
    """Return whether the model of a real server of that generation, with all business modules, has the method."""
    return any(
        offered(generation, int(since or FIRST), int(until) if until else None)
        for since, _, until in (span.partition("-") for span in _spans().get(model, {}).get(method, ()))
    )


@cache
def _spans() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return `{model: {method: spans}}`; a span is `17-18`, `-15` until 15, `18-` since 18."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in (folder() / "methods").glob("*.json"):
        for model, names in json.loads(path.read_text("utf-8"))["methods"].items():
            methods = (text.partition(":") for text in names.split())
            found.setdefault(model, {}).update((name, tuple((spans or "-").split(","))) for name, _, spans in methods)
    return found
