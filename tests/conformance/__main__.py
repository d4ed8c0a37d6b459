"""`python -m tests.conformance`: a line a recording, the first differences below it; exit 1 on any."""

from __future__ import annotations

import sys
import time

from mockserver import profiles
from tests.conformance.replay import recordings, replay


def main() -> int:
    """Replay the recordings whose names hold one of the arguments, or all."""
    wanted = sys.argv[1:]
    failed = passed = 0
    for profile in profiles.PROFILES:
        for path in recordings(profile):
            if wanted and not any(word in f"{profile}/{path.stem}" for word in wanted):
                continue
            started = time.perf_counter()
            report = replay(path, profile)
            print(f"{profile}/{report.line()} exact, {time.perf_counter() - started:.1f} s", flush=True)
            if report.differences:
                print(report.details(), flush=True)
            failed += len(report.differences)
            passed += report.steps - len(report.differences)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
