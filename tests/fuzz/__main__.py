"""`python -m tests.fuzz`: a campaign over profiles, or one finding again."""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from mockserver import profiles
from tests.fuzz.campaign import CORPUS, Campaign, Report, read_entry, replay, shortest_of, write_entry
from tests.fuzz.target import Target


def main() -> int:
    """Run what the command line asks for; return 1 if something was found."""
    options = _options()
    if options.replay:
        return max(_replay(path, shorten=options.shorten) for path in options.replay)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    names = options.profile or list(profiles.PROFILES)
    ends = time.monotonic() + options.minutes * 60
    reports = []
    for number, name in enumerate(names):
        seconds = (ends - time.monotonic()) / (len(names) - number)
        reports.append(_attack(name, seed, seconds, options))
    total = sum(report.total for report in reports)
    found = sum(len(report.findings) for report in reports)
    print(f"{total} requests, {found} findings; the same again with --seed {seed}")
    return 1 if found else 0


def _attack(name: str, seed: int, seconds: float, options: argparse.Namespace) -> Report:
    started = time.monotonic()
    target = Target(name)
    # looking for garbage in what all profiles have built takes 0.85 s, which would be the answer's in which it happens
    gc.collect()
    gc.freeze()
    try:
        left = None if options.requests else max(seconds - (time.monotonic() - started), 1)
        report = Campaign(target, seed, options.corpus, survey=options.survey).run(options.requests, left)
    finally:
        target.close()
        gc.unfreeze()
    print("\n".join(report.lines()), flush=True)
    return report


def _replay(path: Path, *, shorten: bool) -> int:
    """Send the requests of a finding again; `shorten`: also write the shortest of them that show it."""
    try:
        entry = read_entry(path)
    except OSError as error:
        _refuse(f"{path}: {error.strerror}")
    except (ValueError, LookupError, TypeError) as error:
        _refuse(f"{path} is no file of a finding: {type(error).__name__}: {error}")
    target = Target(entry.profile)
    found = replay(target, entry.requests, entry.kind)
    for finding in found:
        print(f"{finding.kind}: {finding.place}\n{finding.text}")
    print(f"{path.name}: {len(entry.requests)} requests, {len(found)} findings")
    if shorten and entry.key in {finding.key for finding in found}:
        shortest = shortest_of(target, entry.requests, entry.key, entry.kind)
        write_entry(path, entry.profile, entry.key, shortest, entry.kind)
        print(f"shortened to {len(shortest)} requests")
    return 1 if found else 0


def _above_0(kind: type[float]) -> Callable[[str], float]:
    def number(text: str) -> float:
        if not 0 < (found := kind(text)) < math.inf:
            raise argparse.ArgumentTypeError(f"{text} is no number above 0")
        return found

    number.__name__ = kind.__name__  # which argparse names for a text that is no number
    return number


def _refuse(text: str) -> NoReturn:
    print(f"python -m tests.fuzz: error: {text}", file=sys.stderr)
    sys.exit(2)  # 1 says that something was found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Attack the server with random requests.")
    parser.add_argument("--minutes", type=_above_0(float), default=2, help="for all profiles together; 2 by default")
    parser.add_argument("--requests", type=_above_0(int), help="of each profile, in place of a time")
    parser.add_argument(
        "--seed", type=int, help="the number that makes a campaign the same again; a new one by default"
    )
    parser.add_argument(
        "--profile", action="append", choices=list(profiles.PROFILES), help="one or several; all by default"
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="where the files of findings are written")
    parser.add_argument(
        "--survey",
        action="store_true",
        help="go on whatever is found, and leave the requests that lead to it as long as they are",
    )
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE", help="send the requests of findings again")
    parser.add_argument(
        "--shorten", action="store_true", help="with --replay: write the shortest that show the finding"
    )
    options = parser.parse_args()
    if options.shorten and not options.replay:
        parser.error("--shorten is for --replay, which is not given")
    return options


if __name__ == "__main__":
    sys.exit(main())
