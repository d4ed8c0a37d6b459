"""Time and tokens that stand still."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
import requests

from mockserver import MockServer
from mockserver.clock import Clock
from tests.waiting import HANG


def test_a_frozen_clock_stands_and_ticks() -> None:
    clock = Clock()
    clock.freeze("2026-01-31 12:00:00")
    assert (clock.now(), clock.today()) == ("2026-01-31 12:00:00", date(2026, 1, 31))
    clock.tick(60)
    assert clock.now() == "2026-01-31 12:01:00"
    clock.tick(timedelta(days=1))
    assert clock.now() == "2026-02-01 12:01:00"


@pytest.mark.parametrize(
    ("given", "now"),
    [
        ("2026-01-31", "2026-01-31 00:00:00"),
        ("2026-01-31T12:00:00Z", "2026-01-31 12:00:00"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31 10:00:00"),
        (date(2026, 1, 31), "2026-01-31 00:00:00"),
        (datetime(2026, 1, 31, 9), "2026-01-31 09:00:00"),
        (datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=-3))), "2026-01-31 12:00:00"),
    ],
)
def test_a_moment_is_a_text_a_date_or_a_datetime(given: str | date, now: str) -> None:
    clock = Clock()
    clock.freeze(given)
    assert clock.now() == now


def test_a_text_that_is_no_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="'tomorrow' is not a date or time: write it like '2026-01-31 12:00:00'"):
        Clock().freeze("tomorrow")


def test_a_running_clock_goes_ahead_by_its_ticks() -> None:
    clock = Clock()
    before = clock.moment()
    clock.tick(3600)
    assert timedelta(hours=1) <= clock.moment() - before < timedelta(hours=1, seconds=5)


def test_a_clock_that_thaws_runs_on_from_where_it_stood() -> None:
    clock = Clock()
    clock.freeze("2020-01-01")
    clock.thaw()
    first = clock.moment()
    assert first.strftime("%Y-%m-%d") == "2020-01-01"
    assert clock.moment() >= first


def test_a_frozen_block_ends() -> None:
    clock = Clock()
    with clock.freeze("2020-01-01") as frozen:
        assert frozen.today() == date(2020, 1, 1)
    assert clock.today() > date(2020, 1, 1)


def test_a_block_inside_a_frozen_clock_gives_its_moment_back() -> None:
    clock = Clock()
    clock.freeze("2020-01-01")
    with clock.freeze("2021-01-01"):
        assert clock.today() == date(2021, 1, 1)
    assert clock.today() == date(2020, 1, 1)


def test_tokens_of_a_seed_are_the_same_in_every_run() -> None:
    assert Clock("a").token(8) == Clock("a").token(8) == "45a3ba4a"
    assert Clock("a").token() != Clock("b").token()
    assert len({Clock().token() for _ in range(10)}) == 10
    assert [len(Clock("a").token(length)) for length in (1, 7, 40)] == [1, 7, 40]


def test_a_stable_token_does_not_depend_on_those_before_it() -> None:
    one, other = Clock("a"), Clock("a")
    other.token()
    assert one.stable_token("key") == other.stable_token("key") != one.stable_token("other")
    assert Clock().stable_token("key") != Clock().stable_token("key")


def test_dates_of_records_follow_the_clock() -> None:
    with MockServer() as odoo:
        odoo.clock.freeze("2026-01-31 12:00:00")
        partner = odoo.env["res.partner"].create({"name": "Azure Interior"})
        odoo.clock.tick(90)
        partner.name = "Azure"
        assert partner.read(["create_date", "write_date"])[0] == {
            "id": partner.id,
            "create_date": "2026-01-31 12:00:00",
            "write_date": "2026-01-31 12:01:30",
        }


def test_records_of_fixtures_are_as_old_as_the_fixtures() -> None:
    with MockServer(fixtures=["crm"]) as odoo:
        assert set(odoo.env["crm.stage"].search([]).mapped("create_date")) == {"2024-01-01 00:00:00"}


def session(odoo: MockServer) -> str:
    """The id of a new web session."""
    params = {"db": odoo.db, "login": odoo.login, "password": odoo.password}
    answer = requests.post(f"{odoo.url}/web/session/authenticate", json={"params": params}, timeout=HANG)
    return str(answer.cookies["session_id"])


def test_a_session_ends_when_its_time_has_come() -> None:
    with MockServer() as odoo:
        odoo.clock.freeze("2026-01-31")
        cookies = {"session_id": session(odoo)}

        def alive() -> bool:
            answer = requests.post(
                f"{odoo.url}/web/session/get_session_info", json={"params": {}}, cookies=cookies, timeout=HANG
            )
            return "result" in answer.json()

        assert alive()
        odoo.clock.tick(timedelta(days=8))
        assert not alive()


def test_a_reset_begins_the_tokens_and_the_time_again() -> None:
    with MockServer() as odoo:
        first, key = session(odoo), odoo.api_key
        odoo.clock.freeze("2020-01-01")
        odoo.reset()
        assert odoo.clock.today() > date(2020, 1, 1)
        assert (session(odoo), odoo.api_key) == (first, key)
        assert MockServer().api_key == key


def test_a_clock_that_was_given_frozen_is_frozen_again_after_a_reset() -> None:
    clock = Clock()
    clock.freeze("2020-01-01")
    with MockServer(clock=clock) as odoo:
        odoo.clock.tick(60)
        odoo.reset()
        assert odoo.clock.now() == "2020-01-01 00:00:00"
        assert odoo.env["res.users"].browse(odoo.uid).create_date == "2024-01-01 00:00:00"
