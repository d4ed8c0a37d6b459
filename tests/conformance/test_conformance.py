"""Every recording of a real server, replayed on a fresh database of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.contract.report import lines
from tests.conformance import HERE, every_recording, not_yet
from tests.conformance.scenario import replay

SHOWN = 10  # steps of a recording that are shown where it fails


@pytest.mark.parametrize("path", every_recording(), ids=not_yet.name_of)
def test_every_step_ends_as_on_the_real_server(path: Path) -> None:
    report = replay(path)
    told = not_yet.loss(not_yet.name_of(path), report.failed, not_yet.known())
    if told:  # an assertion would print every difference as a Python object
        pytest.fail("\n".join((told, *lines(report, SHOWN))), pytrace=False)


def test_what_is_not_as_recorded_yet_is_a_recording() -> None:
    names = {not_yet.name_of(path) for path in every_recording()}
    assert set(not_yet.known()) <= names
    assert all(number > 0 for number in not_yet.known().values())


def test_no_recording_is_left_out() -> None:
    folders = {path.parent.name for path in HERE.glob("*/*.json")} - {"rest"}
    assert folders == {path.parent.name for path in every_recording()}
    assert len(every_recording()) == 199
