"""Choosing the REST add-on that answers a path which several of them have.

Source: rest-collisions §4.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.dialects import Request
from mockserver.dialects.rest.dialect import RestDialect


class RestRouter:
    """The served add-ons, the default first: it answers if there is no stronger evidence for another."""

    def __init__(self, dialects: Sequence[RestDialect]) -> None:
        self._by_root: dict[str, list[RestDialect]] = {}
        for dialect in dialects:
            for root in dialect.roots:
                self._by_root.setdefault(root, []).append(dialect)
        self.several = any(len(candidates) > 1 for candidates in self._by_root.values())

    def path(self, request: Request) -> str:
        """Return the path to look up: below an add-on's prefix for a REST path, else unchanged."""
        path = request.path
        candidates = self._by_root.get(path[1:].partition("/")[0])
        if candidates is None:
            return path
        # with equal evidence the first one is chosen
        found = max(candidates, key=lambda dialect: dialect.recognises(request)) if candidates[1:] else candidates[0]
        return f"/{found.name}{path}"
