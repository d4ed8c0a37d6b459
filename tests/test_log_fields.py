"""The log fields: who created and changed a record, and when."""

from __future__ import annotations

import datetime

import pytest

from mockserver import MockServer

NOON = datetime.datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-14.0", "odoo-17.0", "odoo-18.0"])
def test_until_18_a_record_is_later_than_the_second_in_which_it_was_written(profile: str) -> None:
    with MockServer(profile=profile, demo=False) as odoo:
        partners = odoo.env["res.partner"]
        odoo.clock.freeze(NOON)
        partner = partners.create({"name": "Azure"})
        (shown,) = partner.read(["create_date", "write_date"])
        assert shown["write_date"] == partner.write_date == "2026-01-31 12:00:00"
        assert partners.search([("write_date", ">", shown["write_date"])]) == partner
        assert not partners.search([("write_date", "=", shown["write_date"])])
        assert not partners.search([("write_date", "<=", shown["write_date"]), ("name", "=", "Azure")])
        assert partners.search([("write_date", ">=", shown["write_date"])]) == partner
        assert not partners.search([("write_date", ">", "2026-01-31 12:00:01")])


@pytest.mark.parametrize("profile", ["odoo-19.0", "odoo-20.0"])
def test_since_19_a_time_stands_for_its_whole_second(profile: str) -> None:
    with MockServer(profile=profile, demo=False) as odoo:
        partners = odoo.env["res.partner"]
        odoo.clock.freeze(NOON)
        partner = partners.create({"name": "Azure"})
        second = partner.write_date
        assert not partners.search([("write_date", ">", second)])
        assert partners.search([("write_date", "=", second)]) == partner
        assert partners.search([("write_date", "in", [second, "2020-01-01 00:00:00"])]) == partner
        mine = [("name", "=", "Azure")]
        assert partners.search([*mine, ("write_date", "<=", second)]) == partner
        assert not partners.search([*mine, ("write_date", "!=", second)])
        assert not partners.search([*mine, ("write_date", "not in", [second])])
        assert partners.search([*mine, ("write_date", "not in", [False])]) == partner
        assert not partners.search([*mine, ("write_date", "in", [False])])
        assert partners.search([*mine, ("write_date", "!=", "2026-01-31 12:00:01")]) == partner


def test_two_changes_in_one_second_are_sorted_by_their_time() -> None:
    with MockServer(demo=False) as odoo:
        partners = odoo.env["res.partner"]
        odoo.clock.freeze(NOON)
        first, second = partners.create([{"name": "Azure"}, {"name": "Blue"}])
        odoo.clock.tick(0.001)
        first.write({"name": "Azure Interior"})
        names = partners.search_read(
            [("write_date", ">=", "2026-01-31")], ["write_date"], order="write_date desc", limit=2
        )
        assert [one["id"] for one in names] == [first.id, second.id]
        assert {one["write_date"] for one in names} == {"2026-01-31 12:00:00"}


def test_the_fraction_of_a_second_is_never_shown() -> None:
    with MockServer(demo=False) as odoo:
        partners = odoo.env["res.partner"]
        odoo.clock.freeze(NOON)
        partner = partners.create({"name": "Azure"})
        shown = "2026-01-31 12:00:00"
        assert partner.export_data(["create_date"])["datas"] == [[shown]]
        mine = [("id", "=", partner.id)]
        (group,) = partners.read_group(mine, ["latest:max(write_date)"], ["create_date:day"], lazy=False)
        assert (group["latest"], group["create_date:day"]) == (shown, "31 Jan 2026")
        assert partner.get_metadata()[0]["write_date"] == shown
        assert str(partners.search(mine).mapped("create_date")) == str([shown])


def test_what_a_transaction_writes_has_one_time() -> None:
    with MockServer(demo=False) as odoo:
        env = odoo.env
        with env.db.transaction():
            first = env["res.partner"].create({"name": "Azure"})
            second = env["res.partner"].create({"name": "Blue"})
            second.write({"name": "Blue Sky"})
        rows = env.db.store.rows("res.partner")
        times = {rows[one.id][name] for one in (first, second) for name in ("create_date", "write_date")}
        assert len(times) == 1
