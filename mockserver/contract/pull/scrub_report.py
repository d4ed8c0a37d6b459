"""Report which fields a scrub kept and which it replaced."""

from __future__ import annotations

from collections import Counter

from mockserver.contract.pull.pulled_rows import PulledRows
from mockserver.contract.pull.reader import Reader
from mockserver.contract.pull.scrub import Scrub
from mockserver.orm.fields.base import holds


def scrub_report(pulled: PulledRows, reader: Reader, scrub: Scrub | None) -> tuple[list[str], list[str]]:
    """Return lines on the fields that were kept, and on those that were replaced; none without a scrub.

    Relations are kept and not listed; the records that they refer to are.
    """
    if scrub is None:
        return [], []
    stayed: list[str] = []
    replaced: list[str] = []
    for model, rows in sorted(pulled.rows.items()):
        schema = reader.model(model)
        counts = Counter(n for row in rows.values() for n, v in row.items() if v not in (None, False, "", 0, []))
        for name, count in sorted(counts.items()):
            given = schema.fields.get(name) if schema else None
            if given is None or name in ("id", "display_name") or holds(given["type"]) == "record":
                continue
            kind = scrub.kind(model, name, given)
            (replaced if kind else stayed).append(f"{model}.{name} ({kind or given['type']}): {count}")
    unused = [f"{pattern}: no field of that name was pulled" for pattern in sorted(scrub.unused)]
    return [*stayed, *unused], replaced
