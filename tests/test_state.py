"""State to come back to, to add to and to keep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.orm import outgoing
from mockserver.orm.outgoing import Outgoing
from mockserver.orm.rights import record_rules
from mockserver.seed import build as seed, templates
from mockserver.seed.build import FixtureError


def names(odoo: MockServer) -> list[str]:
    """The names of the partners that are not of the base data."""
    return odoo.env["res.partner"].search([("id", ">", 40)], order="id").mapped("name")  # type: ignore[no-any-return]


def test_a_snapshot_is_come_back_to_after_its_block() -> None:
    with MockServer(demo=True) as odoo:
        kept = odoo.env["res.partner"].create({"name": "Kept"})
        with odoo.snapshot():
            kept.name = "Changed"
            odoo.env["res.partner"].create({"name": "Gone"})
            odoo.user("gone@example.com")
        assert names(odoo) == ["Kept"]


def test_a_snapshot_is_come_back_to_after_an_error_too() -> None:
    with MockServer(demo=True) as odoo:
        with pytest.raises(KeyError), odoo.snapshot():
            odoo.env["res.partner"].create({"name": "Gone"})
            raise KeyError
        assert names(odoo) == []


def test_snapshots_stand_one_in_another_and_are_restored_as_often_as_one_likes() -> None:
    with MockServer(demo=True) as odoo:
        partners = odoo.env["res.partner"]
        start = odoo.snapshot()
        partners.create({"name": "One"})
        with odoo.snapshot():
            partners.create({"name": "Two"})
        assert names(odoo) == ["One"]
        for _ in range(2):
            start.restore()
            assert names(odoo) == []
            partners.create({"name": "Again"})


def test_a_pack_a_file_and_parsed_data_are_loaded_into_a_running_server(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text('{"records": [{"model": "res.partner", "values": {"name": "From a file"}}]}')
    with MockServer(demo=True) as odoo:
        odoo.load("crm")
        odoo.load(file)
        odoo.load({"records": [{"model": "res.partner", "values": {"name": "From data"}}]})
        assert "crm.lead" in odoo.env
        assert names(odoo)[-2:] == ["From a file", "From data"]
        odoo.reset()
        assert "crm.lead" not in odoo.env


def test_a_fixture_that_is_wrong_changes_nothing_and_is_named() -> None:
    records = [{"model": "res.partner", "values": {"name": "Half"}}, {"model": "res.partner", "values": {"nam": "x"}}]
    with MockServer(demo=True) as odoo:
        with pytest.raises(FixtureError, match=r"the fixture.*record 2.*'nam'.*did you mean 'name'"):
            odoo.load({"records": records})
        with pytest.raises(FixtureError, match="no such fixture file"):
            odoo.load("missing.json")
        assert names(odoo) == []


def test_an_export_is_a_fixture_that_gives_the_same_records(tmp_path: Path) -> None:
    with MockServer(demo=True) as odoo:
        tag = odoo.env["res.partner.category"].create({"name": "Gold"})
        partner = odoo.env["res.partner"].create({"name": "Azure", "category_id": [(6, 0, tag.ids)], "comment": "ü"})
        told = odoo.export(tmp_path / "after.json")
        expected = partner.read(["name", "category_id", "comment"])
    assert json.loads((tmp_path / "after.json").read_text("utf-8")) == told
    assert [path.name for path in tmp_path.iterdir()] == ["after.json"]
    with MockServer(demo=True, fixtures=[str(tmp_path / "after.json")]) as odoo:
        assert odoo.env["res.partner"].browse(partner.id).read(["name", "category_id", "comment"]) == expected


def test_a_relative_path_is_that_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        fixture = {"records": [{"model": "res.partner", "xmlid": "x.it", "values": {"name": name}}]}
        (tmp_path / name / "it.json").write_text(json.dumps(fixture))
    for name in ("one", "two", "one"):
        monkeypatch.chdir(tmp_path / name)
        with MockServer(fixtures=["it.json"]) as odoo:
            assert odoo.ref("x.it").name == name


# -- what a server that runs for days keeps ---------------------------------------------------------


def test_the_latest_things_that_were_sent_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "MAX_KEPT", 3)
    sent = Outgoing()
    for number in range(5):
        sent.append(number)
    assert (list(sent), sent.mark) == ([2, 3, 4], 5)
    sent.append("taken back")
    sent.take_back(5)
    assert list(sent) == [3, 4]


def test_what_was_sent_before_a_mark_stays_whatever_was_forgotten() -> None:
    sent = Outgoing()
    sent.append("mail")
    mark = sent.mark
    sent.append(1)
    sent.forget(str)
    sent.append("later")
    sent.take_back(mark)
    assert list(sent) == []


def test_the_rules_of_any_companies_are_cached_within_a_limit(
    mockserver: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_rules, "MAX_LIMITS", 5)
    user = mockserver.user("ann")
    for number in range(1, 20):
        user.env["res.partner"].with_context(allowed_company_ids=[1] * number).search([])
        assert len(mockserver.database("mock").limits) <= 5


def test_databases_of_few_moments_are_kept_as_templates() -> None:
    clock = Clock()
    for day in range(1, templates.MAX_FROZEN + 3):
        clock.freeze(f"2026-01-{day:02} 00:00:00")
        made = seed.build("made", profile=profiles.get("odoo-17.0"), clock=clock)
        assert made.loaded.frozen == clock.frozen
    assert sum(key[-1] is not None for key in seed._templates) == templates.MAX_FROZEN
