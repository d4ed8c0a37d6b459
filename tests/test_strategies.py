"""What the strategies give is what the server takes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.profiles import PROFILES
from mockserver.seed import build as seed
from mockserver.testing.strategies import domains, records, vals
from tests.properties.budget import examples

MODELS = ["res.partner", "res.partner.category", "res.country", "crm.lead", "sale.order"]
PACKS = ["crm", "product", "sale"]
# what the server asks of values together, which no strategy of single fields knows
TOGETHER = {"sale.order": ("require_payment",)}
SOME = examples(15)
_databases: dict[str, Database] = {}


def database(profile: str = "odoo-17.0") -> Database:
    """One of each profile, with the business packs; what a test does to it is undone."""
    if profile not in _databases:
        _databases[profile] = seed.build("t", profile=PROFILES[profile], fixtures=PACKS, clock=Clock())
    return _databases[profile]


class Undone(Exception):
    """Ends a transaction."""


def created(db: Database, model: str, values: Any) -> list[dict[str, Any]]:
    """What the records hold that the values make."""
    found: list[dict[str, Any]] = []
    with pytest.raises(Undone), db.transaction():
        made = db.env(db.profile.admin_id)[model].create(values)
        found = made.read(sorted({name for one in ([values] if isinstance(values, dict) else values) for name in one}))
        raise Undone
    return found


@pytest.mark.parametrize("model", MODELS)
def test_values_are_taken_by_create(model: str) -> None:
    @SOME
    @given(vals(model, fixtures=PACKS, without=TOGETHER.get(model, ())))
    def check(values: dict[str, Any]) -> None:
        assert len(created(database(), model, values)) == 1

    check()


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-15.0", "odoo-19.0"])
def test_values_are_those_of_the_profile(profile: str) -> None:
    @SOME
    @given(vals("res.partner", of=profile))
    def check(values: dict[str, Any]) -> None:
        (held,) = created(database(profile), "res.partner", values)
        assert held["name"] == values["name"]

    check()


@SOME
@given(records("res.users", min_size=2, max_size=4, only=["email", "active"]))
def test_what_must_be_unique_differs_among_records(several: list[dict[str, Any]]) -> None:
    assert len({one["login"] for one in several}) == len(several)
    assert len(created(database(), "res.users", several)) == len(several)


@pytest.mark.parametrize("model", MODELS)
def test_domains_are_taken_by_search(model: str) -> None:
    @SOME
    @given(domains(model, fixtures=PACKS))
    def check(domain: list[Any]) -> None:
        db = database()
        found = db.env(db.profile.admin_id)[model]
        assert found.search_count(domain) == len(found.search(domain))

    check()


@SOME
@given(st.data())
def test_a_domain_and_its_negation_share_the_records_out(data: st.DataObject) -> None:
    one = data.draw(domains("res.partner", depth=0).filter(lambda domain: len(domain) == 1))
    partners = database().env()["res.partner"].with_context(active_test=False)
    assert not set(partners.search(one).ids) & set(partners.search(["!", *one]).ids)


@SOME
@given(domains("res.partner", depth=0, paths=False))
def test_depth_and_paths_are_limits(domain: list[Any]) -> None:
    assert len(domain) <= 1
    assert not any("." in leaf[0] for leaf in domain)


@SOME
@given(vals("res.partner", only=["email"], without=["type"], name=st.just("Azure")))
def test_fields_can_be_chosen(values: dict[str, Any]) -> None:
    assert set(values) <= {"name", "email"}
    assert values["name"] == "Azure"


def test_a_running_server_is_a_source_too() -> None:
    with MockServer() as odoo:
        odoo.load({"models": {"x_machine": {"fields": {"x_name": {"type": "char", "required": True}}}}})

        @SOME
        @given(vals("x_machine", of=odoo))
        def check(values: dict[str, Any]) -> None:
            assert odoo.env["x_machine"].create(values).x_name == values["x_name"]

        check()


def test_a_wrong_name_is_told_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"no model 'res.partnr'; did you mean 'res.partner'\?"):
        vals("res.partnr")
    with pytest.raises(ValueError, match=r"'res.partner' has no field 'emial'; did you mean 'email'\?"):
        vals("res.partner", only=["emial"])
    for strategy in (domains, records):
        with pytest.raises(ValueError, match="no model 'nothing'"):
            strategy("nothing")


def test_every_model_of_the_packs_has_strategies() -> None:
    registry = database().registry
    strategies: tuple[Callable[..., object], ...] = (vals, domains)
    for name, build in itertools.product(registry, strategies):
        if not registry[name].abstract:
            build(name, of=database())
