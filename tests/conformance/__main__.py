"""`make conformance`: replay the recordings of real servers, and tell how many steps end as they did there."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from mockserver.contract.report import lines
from mockserver.contract.verify import Report
from tests.conformance import every_recording, is_flow, not_yet
from tests.conformance.scenario import replay


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each recording, profile and all; return 1 if a number is not that of its `.not_yet` file."""
    options = _parser().parse_args(arguments)
    reports: dict[str, Report] = {}
    for profile, paths in itertools.groupby(
        options.files or every_recording(), lambda path: path.resolve().parent.name
    ):
        of_profile = {not_yet.name_of(path.resolve()): _replayed(path.resolve(), options.show) for path in paths}
        _print_sum(profile, of_profile.values())
        reports |= of_profile
    _print_sum("all", reports.values())
    if options.figures:
        _print_figures(reports)
    differing = {name: report.failed for name, report in reports.items()}
    if options.lower:
        not_yet.lower(differing)
    numbers = not_yet.known()
    told = [tell(name, number, numbers) for name, number in differing.items() for tell in (not_yet.loss, not_yet.gain)]
    for text in filter(None, told):
        print(text)
    return int(any(told))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=main.__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="recordings; all if none is named")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="steps shown of each recording that differs")
    parser.add_argument("--figures", action="store_true", help="print the table of mockserver/profiles/closeness.py")
    parser.add_argument("--lower", action="store_true", help="write smaller numbers to the .not_yet files")
    return parser


def _replayed(path: Path, show: int) -> Report:
    report = replay(path)
    print(f"{not_yet.name_of(path):32} {report.passed:5} passed, {report.failed:4} failed", flush=True)
    if show and report.failed:
        print("\n".join(list(lines(report, show))[1:]))
    return report


def _print_figures(reports: Mapping[str, Report]) -> None:
    """Print how many recordings, steps and passed steps each profile has, as Python: of the base system, of flows."""
    for flows in (False, True):
        chosen = [name for name in reports if is_flow(Path(name)) is flows]
        for profile, names in itertools.groupby(chosen, lambda name: name.partition("/")[0]):
            of_profile = [reports[name] for name in names]
            steps, passed = sum(len(r.verdicts) for r in of_profile), sum(r.passed for r in of_profile)
            print(f'    "{profile}": Figures({len(of_profile)}, {steps}, {passed}),')


def _print_sum(name: str, reports: Collection[Report]) -> None:
    passed, failed = sum(report.passed for report in reports), sum(report.failed for report in reports)
    print(f"{name:32} {passed:5} passed, {failed:4} failed in {len(reports)} recordings\n")


if __name__ == "__main__":
    sys.exit(main())
