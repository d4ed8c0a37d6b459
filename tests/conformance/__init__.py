"""Recordings of real servers, and what replays them."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


# those that need several users or no demonstration data, which contracts do not say
SCENARIOS = frozenset({"i18n-base", "i18n-custom", "companies-1", "companies-2"})


def recordings(profile: str) -> list[Path]:
    """The recordings of that server which this project holds."""
    return sorted((HERE / profile).glob("*.json"))


def contracts(profile: str) -> list[Path]:
    """Those that are contracts, which `mockserver verify` replays too."""
    return [path for path in recordings(profile) if path.stem not in SCENARIOS]
