"""The numbers of steps that differ only become smaller."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockserver.profiles.closeness import FIGURES, FLOWS, Figures
from tests.conformance import every_recording, is_flow, not_yet, recordings


def test_more_and_fewer_differences_are_told() -> None:
    numbers = {"a": 3}
    assert not_yet.loss("a", 4, numbers) == "a: 4 steps differ, 3 did before"
    assert not_yet.loss("b", 1, numbers) == "b: 1 steps differ, 0 did before"
    assert not_yet.gain("a", 2, numbers) == (
        "a: 2 steps differ, a.not_yet still says 3; write it down: python -m tests.conformance --lower"
    )
    assert not_yet.loss("a", 3, numbers) is not_yet.gain("a", 3, numbers) is not_yet.gain("a", 4, numbers) is None


def test_only_smaller_numbers_are_written_down(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    for name in "abcd":
        (tmp_path / "p" / f"{name}.not_yet").write_text("3\n")
    not_yet.lower({"p/a": 2, "p/b": 4, "p/c": 0, "p/e": 1}, tmp_path)
    assert not_yet.known(tmp_path) == {"p/a": 2, "p/b": 3, "p/d": 3}


@pytest.mark.parametrize(
    ("profile", "figures", "flows"),
    [(*item, False) for item in FIGURES.items()] + [(*item, True) for item in FLOWS.items()],
)
def test_the_figures_of_the_documentation_are_those_of_the_recordings(
    profile: str, figures: Figures, flows: bool
) -> None:
    found, known = [path for path in recordings(profile) if is_flow(path) is flows], not_yet.known()
    steps = sum(not step.get("unscored") for path in found for step in json.loads(path.read_text("utf-8"))["steps"])
    assert figures[:2] == (len(found), steps)
    # those who make it better need not change the page
    assert figures.passed <= steps - sum(known.get(not_yet.name_of(path), 0) for path in found)


def test_every_recorded_profile_has_figures() -> None:
    assert set(FIGURES) == {path.parent.name for path in every_recording() if not is_flow(path)}
    assert set(FLOWS) == {path.parent.name for path in every_recording() if is_flow(path)}
