"""Fiscal positions: what they replace, and which one a partner has."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import MockServer
from mockserver.errors import ValidationError


@pytest.fixture(params=["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def env(request: pytest.FixtureRequest) -> Any:
    env = MockServer(profile=request.param, fixtures=["business"]).env
    env["account.fiscal.position"].search([]).write({"auto_apply": False})
    return env


def position(env: Any, name: str, **vals: Any) -> Any:
    return env["account.fiscal.position"].create({"name": name, "auto_apply": True, **vals})


def found(env: Any, partner: Any, delivery: Any = None) -> str:
    return str(env["account.fiscal.position"]._get_fiscal_position(partner, delivery).name or "")


def test_taxes_are_replaced_dropped_or_kept(env: Any) -> None:
    home, export, dropped, other = (
        env["account.tax"].create({"name": name, "amount": amount})
        for name, amount in (("Home", 20), ("Export", 0), ("Dropped", 5), ("Other", 7))
    )
    if "account.fiscal.position.tax" in env:
        lines = [(home, export), (dropped, env["account.tax"])]
        commands = [(0, 0, {"tax_src_id": source.id, "tax_dest_id": target.id}) for source, target in lines]
        abroad = position(env, "Abroad", tax_ids=commands)
        assert abroad.map_tax(home + dropped + other) == export + other
    else:
        abroad = position(env, "Abroad")
        export.write({"fiscal_position_ids": [(4, abroad.id)], "original_tax_ids": [(4, home.id)]})
        assert abroad.map_tax(home + other) == export + other
        assert not position(env, "Empty").map_tax(home)
    assert env["account.fiscal.position"].map_tax(home) == home


def test_the_position_of_a_partner(env: Any) -> None:
    belgium, france = env.ref("base.be"), env.ref("base.fr")
    position(env, "Belgium", country_id=belgium.id)
    position(env, "Antwerp", country_id=belgium.id, zip_from="2000", zip_to="2999")
    position(env, "France with number", country_id=france.id, vat_required=True)
    chosen = position(env, "Chosen", auto_apply=False)
    partners = env["res.partner"]
    ghent, antwerp = (partners.create({"name": z, "country_id": belgium.id, "zip": z}) for z in ("9000", "2060"))
    paris = partners.create({"name": "Paris", "country_id": france.id})
    assert [found(env, partner) for partner in (ghent, antwerp, paris)] == ["Belgium", "Antwerp", ""]
    paris.write({"vat": "FR23334175221"})
    assert found(env, paris) == "France with number"
    assert found(env, ghent, antwerp) == "Antwerp"
    assert found(env, partners.create({"name": "Nowhere"})) == ""
    position(env, "Anywhere")
    nearby = partners.create({"name": "Berlin", "country_id": env.ref("base.de").id})
    assert found(env, nearby) == "Anywhere"
    nearby.write({"property_account_position_id": chosen.id})
    assert found(env, nearby) == found(env, ghent, nearby) == "Chosen"


def test_postal_codes_of_a_range_have_as_many_digits(env: Any) -> None:
    numbered = position(env, "Range", zip_from="5", zip_to="1000")
    assert (numbered.zip_from, numbered.zip_to) == ("0005", "1000")
    with pytest.raises(ValidationError, match='Invalid "Zip Range"'):
        position(env, "Wrong", zip_from="9000", zip_to="1000")
