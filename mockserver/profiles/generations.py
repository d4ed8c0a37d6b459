"""Spans of generations: from when on something exists, and until when.

A generation is the Odoo major version whose behaviour a server has: Flectra 1.6 is of generation 11.  The last
generation of a span is None where nothing has ended it, so that a new generation has what the one before it had.
"""

from __future__ import annotations

FIRST = 11


def offered(generation: int, since: int, until: int | None) -> bool:
    """Return whether what exists from one generation to another, both included, exists in this one."""
    return since <= generation and (until is None or generation <= until)


def overlap(since: int, until: int | None, other_since: int, other_until: int | None) -> bool:
    """Return whether two spans have a generation in common."""
    return offered(max(since, other_since), since, until) and offered(max(since, other_since), other_since, other_until)
