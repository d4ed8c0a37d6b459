"""Every recorded REST exchange that can be compared ends as it did there; the others are listed with a reason."""

from __future__ import annotations

import pytest

from tests.conformance.rest.replay import MODES, SERVERS, exceptions, exchanges, replay


@pytest.mark.parametrize("recording", SERVERS)
def test_every_exchange_ends_as_on_the_real_server(recording: str) -> None:
    report = replay(recording)
    if report.failed:
        pytest.fail(f"{report.line()}\n{report.details()}", pytrace=False)


@pytest.mark.parametrize("recording", SERVERS)
def test_exceptions_name_exchanges_that_there_are_and_give_a_reason(recording: str) -> None:
    known = [exchange["name"] for exchange in exchanges(recording)]
    entry = exceptions(recording)
    assert set(entry) <= {*MODES, "before", "paths"}
    named = [name for mode in MODES for names in entry.get(mode, {}).values() for name in names]
    assert sorted(set(named)) == sorted(named), "an exchange is named once"
    assert set(named) | set(entry.get("before", {})) <= set(known)
    assert all(len(reason) > 20 for mode in MODES for reason in entry.get(mode, {}))


def test_the_recordings_are_there() -> None:
    assert {name: len(exchanges(name)) for name in SERVERS} == {
        "flectra-1.6": 143,
        "flectra-1.6-multidb": 12,
        "yezy-odoo-17.0": 192,
        "yezy-odoo-17.0-extra": 40,
        "framework-odoo-11-generation": 47,
    }
