"""Recordings of real servers, and what replays them."""

from __future__ import annotations

from pathlib import Path

from mockserver import profiles

HERE = Path(__file__).parent
# what only these recordings have, and contracts have not: see `recorded`
_OWN_KEYS = ('"normalise"', '"replace"')


def recordings(profile: str) -> list[Path]:
    """The recordings of that server which this project holds."""
    return sorted((HERE / profile).glob("*.json"))


def is_flow(path: Path) -> bool:
    """Return whether a recording is of a business flow, on a server with all business modules."""
    return path.stem.startswith("flow-")


def every_recording() -> list[Path]:
    """All recordings, in the order of the profiles."""
    return [path for profile in profiles.PROFILES for path in recordings(profile)]


def contracts(profile: str) -> list[Path]:
    """Those that are contracts, which `mockserver verify` replays too."""
    return [path for path in recordings(profile) if not any(key in path.read_text("utf-8") for key in _OWN_KEYS)]
