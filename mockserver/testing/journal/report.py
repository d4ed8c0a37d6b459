"""The section on calls in the report of a failed test."""

from __future__ import annotations

from mockserver.testing.journal import RESTORED, Journal
from mockserver.testing.journal.wording import plural

LISTED = 20
TITLE = "mockserver calls"


def section(calls: Journal) -> str:
    """Return the last calls, one a line with the milliseconds that each took, and the requests that were not calls."""
    if not calls.enabled and not calls:
        return "(the journal is off)"
    last = calls[-LISTED:]
    earlier = calls.dropped + len(calls) - len(last)
    lines = [f"({plural(earlier, 'earlier call')} not shown)"] if earlier else []
    lines += list(last.lines(lambda entry: f"{entry!r}  {entry.duration * 1000:.1f} ms")) or ["no calls"]
    if last and calls.restored:
        lines.append(RESTORED)
    refused = calls.refused[-5:]
    if refused:
        lines += ["requests that were not calls:", *(f"    {entry!r}" for entry in refused)]
    return "\n".join(lines)
