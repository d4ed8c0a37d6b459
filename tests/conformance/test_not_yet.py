"""The numbers of steps that differ only become smaller."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockserver.profiles.closeness import FIGURES
from tests.conformance import every_recording, not_yet, recordings


def test_more_and_fewer_differences_are_told() -> None:
    numbers = {"a": 3}
    assert not_yet.loss("a", 4, numbers) == "a: 4 steps differ, 3 did before"
    assert not_yet.loss("b", 1, numbers) == "b: 1 steps differ, 0 did before"
    assert not_yet.gain("a", 2, numbers) == (
        "a: 2 steps differ, not_yet.json still says 3; write it down: python -m tests.conformance --lower"
    )
    assert not_yet.loss("a", 3, numbers) is not_yet.gain("a", 3, numbers) is not_yet.gain("a", 4, numbers) is None


def test_only_smaller_numbers_are_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "not_yet.json"
    file.write_text('{"b": 3, "a": 3, "c": 3, "d": 3}')
    monkeypatch.setattr(not_yet, "FILE", file)
    not_yet.lower({"a": 2, "b": 4, "c": 0, "e": 1})
    assert json.loads(file.read_text()) == {"a": 2, "b": 3, "d": 3}


@pytest.mark.parametrize("profile", FIGURES)
def test_the_figures_of_the_documentation_are_those_of_the_recordings(profile: str) -> None:
    found = recordings(profile)
    steps = sum(not step.get("unscored") for path in found for step in json.loads(path.read_text("utf-8"))["steps"])
    differing = sum(number for name, number in not_yet.known().items() if name.startswith(f"{profile}/"))
    assert FIGURES[profile][:2] == (len(found), steps)
    assert FIGURES[profile].passed <= steps - differing  # those who make it better need not change the page


def test_every_recorded_profile_has_figures() -> None:
    assert set(FIGURES) == {path.parent.name for path in every_recording()}
