"""Every recording of a real server, replayed on a fresh database of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver import profiles
from mockserver.contract.format import read
from mockserver.contract.report import lines
from mockserver.contract.verify import fresh, verify
from tests.conformance import recordings
from tests.conformance.scenario import differences, is_scenario

CASES = [
    pytest.param(path, profile, id=f"{profile}/{path.stem}")
    for profile in profiles.PROFILES
    for path in recordings(profile)
]


@pytest.mark.parametrize(("path", "profile"), CASES)
def test_every_step_ends_as_on_the_real_server(path: Path, profile: str) -> None:
    if is_scenario(path):
        found = differences(path, profile)
        if found:
            pytest.fail("\n".join(found), pytrace=False)
        return
    contract = read(path)
    assert contract.profile == profile
    with fresh(contract) as (client, name):
        report = verify(client, contract, name)
    if report.failures:  # an assertion would print every difference as a Python object
        pytest.fail("\n".join(lines(report)), pytrace=False)


def test_the_recordings_are_there() -> None:
    held = {profile: len(recordings(profile)) for profile in profiles.PROFILES}
    assert {profile: count for profile, count in held.items() if count} == {
        "odoo-15.0": 2,
        "odoo-17.0": 14,
        "odoo-18.0": 2,
        "odoo-19.0": 3,
        "flectra-1.6": 2,
    }
