"""What a long test run keeps, and what goes: databases, servers and classes that no test uses any more."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import ref

import pytest

from mockserver import MockServer, api, fields, models, profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.seed import build as seed, templates
from mockserver.seed.templates import Templates
from mockserver.testing import pool
from mockserver.testing.pool import Configuration, Pool

PROFILE = profiles.get("odoo-17.0")


@pytest.fixture
def no_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without templates, and without gc.freeze, which keeps garbage from being found."""
    monkeypatch.setattr(seed, "_templates", Templates())
    gc.unfreeze()


def _build(*fixtures: Path, moment: str | None = None) -> Database:
    clock = Clock()
    if moment:
        clock.freeze(datetime.fromisoformat(moment))
    return seed.build("t", profile=PROFILE, fixtures=fixtures, clock=clock)


def _templates() -> dict[Any, ref[Database]]:
    return {key: ref(template.database) for key, template in seed._templates._by_key.items()}


def _fixtures(write: Callable[..., Path], number: int) -> list[Path]:
    return [write(f"Partner {place}", path=f"{place}.json") for place in range(number)]


@pytest.mark.usefixtures("no_templates")
def test_templates_that_were_not_used_for_long_go(
    fixture_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "MAX_TEMPLATES", 3)
    first, second, third = _fixtures(fixture_file, 3)
    made = _build(first)
    _build(second)
    _build(first)  # it was used after the second one
    known = _templates()
    assert len(known) == 3  # with that of the base data
    _build(third)
    gc.collect()
    gone = [key for key, template in known.items() if template() is None]
    assert [Path(key[2][0]).name for key in gone] == ["1.json"]
    assert made.env()["res.partner"].search_count([("name", "=", "Partner 0")]) == 1
    assert _build(second).env()["res.partner"].search_count([("name", "=", "Partner 1")]) == 1


@pytest.mark.usefixtures("no_templates")
def test_fewer_templates_of_large_fixtures_are_kept(
    fixture_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    small, *large = _fixtures(fixture_file, 4)
    for path in large:
        path.write_text(path.read_text() + " " * 1000)
    monkeypatch.setattr(templates, "MAX_BYTES", 1500)
    for path in (small, *large):
        _build(path)
    assert [Path(key[2][0]).name for key in seed._templates if key[2]] == ["0.json", "3.json"]


@pytest.mark.usefixtures("no_templates")
def test_a_template_beyond_every_limit_is_used_once(
    fixture_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "MAX_BYTES", 1)
    path = fixture_file("Large")
    assert _build(path).env()["res.partner"].search_count([("name", "=", "Large")]) == 1
    assert len([*seed._templates]) == 2


@pytest.mark.usefixtures("no_templates")
def test_few_templates_of_moments_are_kept_and_none_goes_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MAX_FROZEN", 2)
    _build()
    for day in range(1, 6):
        _build(moment=f"2026-01-0{day} 12:00:00")
    assert [str(key[-1])[:10] for key in seed._templates] == ["None", "2026-01-04", "2026-01-05"]


@pytest.mark.usefixtures("no_templates")
def test_databases_that_went_are_looked_for_once_the_process_has_grown(
    fixture_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "MAX_TEMPLATES", 1)
    first, second, third = _fixtures(fixture_file, 3)
    thresholds = gc.get_threshold()
    gc.set_threshold(0)  # Python itself looks for no garbage
    try:
        _build(first)
        (gone,) = _templates().values()
        _build(second)
        monkeypatch.setattr(templates, "_blocks", sys.getallocatedblocks())
        _build(third)
        assert gone() is not None
        monkeypatch.setattr(templates, "_blocks", -1_000_000)  # as if so many were new
        _build(second)
        assert gone() is None
    finally:
        gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("no_templates")
def test_servers_that_were_not_used_for_long_are_stopped_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MAX_FREE", 2)
    servers = Pool()
    configurations = [Configuration.of(Path(), db=name) for name in ("a", "b", "c")]
    taken = [servers.take(configuration) for configuration in configurations]
    first, second, third = (ref(server) for server in taken)
    while taken:
        servers.give_back(configurations[-len(taken)], taken.pop(0))
    gc.collect()
    assert first() is None
    again = servers.take(configurations[1])
    assert again is second()
    assert again.running
    servers.close()
    gc.collect()
    assert third() is None
    again.stop()


def _with_a_class() -> tuple[ref[type], ref[Any], ref[Any]]:
    class Partner(models.Model):
        _inherit = "res.partner"

        nickname = fields.Char(compute="_compute_nickname")

        @api.depends("name")
        def _compute_nickname(self) -> None:
            for partner in self:
                partner.nickname = (partner.name or "")[:3]

        @api.versions(until=16)
        def nothing(self) -> None:
            """Exist in another version."""

        def shout(self) -> str:
            return str(self.nickname).upper()

    with MockServer(models=[Partner], fixtures=["sale"]) as server:
        partners = server.env["res.partner"]
        found = partners.create({"name": "Azure"})
        assert found.shout() == "AZU"
        found.nothing()  # code may call what the generation does not have
        return ref(Partner), ref(type(found)), ref(server.app.databases[server.db].registry)


@pytest.mark.usefixtures("no_templates")
def test_the_model_classes_of_a_test_go_with_its_server() -> None:
    kept = _with_a_class()
    gc.collect()
    assert [one() for one in kept] == [None, None, None]


def test_a_test_of_a_session_keeps_no_server_once_it_is_over(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "MAX_FREE", 1)
    pytester.makepyfile(
        """
        import gc
        import weakref
        import pytest

        known = []

        @pytest.mark.mockserver(deprecated="warn")
        @pytest.mark.parametrize("mockserver", [{"db": "a"}, {"db": "b"}, {"db": "c"}], indirect=True)
        def test_it(mockserver):
            known.append(weakref.ref(mockserver))

        def test_they_are_gone(mockserver):
            gc.collect()
            assert [server() is None for server in known] == [True, True, False]  # one is free for the next test
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=4)
