"""Spans of generations: the first and the last generation that have something.

A generation is the Odoo major version whose behaviour a server has: Flectra 1.6 is of generation 11.  The last
generation of a span is None where the span is open, so that a new generation has what the one before it had.
"""

from __future__ import annotations

import re

FIRST = 11


def offered(generation: int, since: int, until: int | None) -> bool:
    """Return whether a generation is in the span from `since` to `until`, both included."""
    return since <= generation and (until is None or generation <= until)


def class_name(model: str, declared: str, generation: int) -> str:
    """Return the name of the server's class of a model: from 19 on that of the model, before it `declared`.

    Source: recorded in flow-rights (18.0, 19.0).
    """
    return "".join(part.capitalize() for part in re.split(r"[._]", model)) if generation >= 19 else declared


def overlap(since: int, until: int | None, other_since: int, other_until: int | None) -> bool:
    """Return whether two spans have a generation in common."""
    return offered(max(since, other_since), since, until) and offered(max(since, other_since), other_since, other_until)
