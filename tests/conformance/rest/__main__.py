"""`python -m tests.conformance.rest [RECORDING …] [--json]`: a line for each recording; exit 1 for differences."""

from __future__ import annotations

import sys

from tests.conformance.rest.replay import SERVERS, replay


def main() -> int:
    """Replay the recordings named, or all."""
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or list(SERVERS)
    failed = 0
    for name in wanted:
        report = replay(name)
        failed += len(report.failed)
        if "--json" in sys.argv:
            print(report.to_json())
        else:
            print(report.line(), report.details(), sep="\n", flush=True)
    return 1 if failed else 0


sys.exit(main())
