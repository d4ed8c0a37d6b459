"""Recordings of real servers, and what replays them."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def recordings(profile: str) -> list[Path]:
    """The recordings of that server which this project holds: contracts, which `mockserver verify` replays too."""
    return sorted((HERE / profile).glob("*.json"))
