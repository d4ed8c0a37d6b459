"""The numbers of steps that differ only become smaller."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance import not_yet


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
