"""`python -m benchmarks [startup wire …]`, some of `GROUPS`, all without one: measure and print the table.

`search=1000,1000000` measures searches of so many rows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks import databases, durable, flows, journal, memory, orm, search, startup, transports, wire
from benchmarks.measuring import Figure, machine, table

GROUPS: dict[str, Callable[[], Iterator[Figure]]] = {
    "startup": startup.figures,
    "wire": wire.figures,
    "transports": transports.figures,
    "orm": orm.figures,
    "search": search.figures,
    "flows": flows.figures,
    "memory": memory.figures,
    "journal": journal.figures,
    "databases": databases.figures,
    "durable": durable.figures,
}


def main(names: list[str]) -> int:
    """Measure the groups named, or all; exit code 2 for an unknown name."""
    sizes = [name.partition("=")[2] for name in names if name.startswith("search=")]
    if sizes:
        GROUPS["search"] = partial(search.figures, [int(size) for size in sizes[0].split(",")])
        names = [name.partition("=")[0] for name in names]
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        print(f"unknown: {', '.join(unknown)} (there are {', '.join(GROUPS)})", file=sys.stderr)
        return 2
    found: list[Figure] = []
    for name in names or GROUPS:
        print(f"measuring {name} ...", file=sys.stderr)
        found += GROUPS[name]()
    print(f"\n{machine()}\n")
    print(table(found))
    missed = [figure.name.strip() for figure in found if figure.reached is False]
    print(f"\n{len(missed)} aims missed" + "".join(f"\n- {name}" for name in missed))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
