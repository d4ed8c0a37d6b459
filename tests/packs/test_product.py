"""Products: templates and variants in step, the variants that attributes make, units, and pricelists."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from mockserver import MockServer
from mockserver.addons.product.prices import wanted, winning_rule
from mockserver.addons.uom.conversion import price_in, quantity_in
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Environment, Recordset

one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(params=["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def env(request: pytest.FixtureRequest) -> Iterator[Environment]:
    with MockServer(profile=request.param, fixtures=["sale", "purchase", "stock"], demo=False) as odoo:
        yield odoo.env


@pytest.fixture
def env_17() -> Iterator[Environment]:
    with MockServer(profile="odoo-17.0", fixtures=["product"], demo=False) as odoo:
        yield odoo.env


def attribute(env: Environment, name: str, count: int, **values: object) -> Recordset:
    lines = [(0, 0, {"name": f"{name}{number}"}) for number in range(count)]
    made: Recordset = env["product.attribute"].create({"name": name, "value_ids": lines, **values})
    return made


def line(attribute: Recordset) -> tuple[int, int, dict[str, object]]:
    return 0, 0, {"attribute_id": attribute.id, "value_ids": [(6, 0, attribute.value_ids.ids)]}


def test_a_template_and_its_only_variant_agree(env: Environment) -> None:
    template = env["product.template"].create({"name": "Lamp", "default_code": "L1", "barcode": "123", "weight": 2.5})
    variant = template.product_variant_ids
    assert (variant.default_code, variant.barcode, variant.weight) == ("L1", "123", 2.5)
    variant.write({"default_code": "L2", "standard_price": 4.0, "lst_price": 30.0})
    assert (template.default_code, template.standard_price, template.list_price) == ("L2", 4.0, 30.0)
    assert (template.display_name, variant.display_name) == ("[L2] Lamp", "[L2] Lamp")
    product = env["product.product"].create({"name": "Desk", "default_code": "D1"})
    assert (product.product_tmpl_id.default_code, len(product.product_tmpl_id.product_variant_ids)) == ("D1", 1)


def test_the_variants_are_the_combinations_of_the_values(env: Environment) -> None:
    colour, size = attribute(env, "Colour", 2), attribute(env, "Size", 3)
    option = attribute(env, "Legs", 2, create_variant="no_variant")
    template = env["product.template"].create(
        {"name": "Desk", "attribute_line_ids": [line(colour), line(size), line(option)]}
    )
    names = {variant.display_name for variant in template.product_variant_ids}
    assert names == {f"Desk (Colour{one}, Size{other})" for one, other in itertools.product(range(2), range(3))}
    kept = template.product_variant_ids.ids
    lines = template.attribute_line_ids.filtered(lambda own: own.attribute_id == size)
    lines.write({"value_ids": [(3, size.value_ids[2].id)]})
    assert len(template.product_variant_ids) == 4
    assert set(template.product_variant_ids.ids) <= set(kept)
    with pytest.raises(UserError, match="used on the following products"):
        size.unlink()


def test_an_exclusion_takes_variants_away_and_gives_them_back(env: Environment) -> None:
    colour, size = attribute(env, "Colour", 2), attribute(env, "Size", 2)
    template = env["product.template"].create({"name": "Desk", "attribute_line_ids": [line(colour), line(size)]})
    first, second = (own.product_template_value_ids[0] for own in template.attribute_line_ids)
    exclusion = env["product.template.attribute.exclusion"].create(
        {
            "product_tmpl_id": template.id,
            "product_template_attribute_value_id": first.id,
            "value_ids": [(6, 0, second.ids)],
        }
    )
    assert len(template.product_variant_ids) == 3
    exclusion.unlink()
    assert len(template.product_variant_ids) == 4


def test_a_barcode_belongs_to_one_product(env: Environment) -> None:
    env["product.product"].create({"name": "Lamp", "barcode": "123"})
    with pytest.raises(ValidationError):
        env["product.product"].create({"name": "Desk", "barcode": "123"})
    assert env["product.product"].search_count([("name", "=", "Desk")]) == 0


@one_database
@given(counts=st.lists(st.integers(1, 3), min_size=0, max_size=3))
def test_as_many_variants_as_combinations(env_17: Environment, counts: list[int]) -> None:
    lines = [line(attribute(env_17, f"A{number}", count)) for number, count in enumerate(counts)]
    template = env_17["product.template"].create({"name": "Desk", "attribute_line_ids": lines})
    combinations = {tuple(v.product_template_attribute_value_ids.ids) for v in template.product_variant_ids}
    expected = 1
    for count in counts:
        expected *= count
    assert len(combinations) == len(template.product_variant_ids) == expected


@one_database
@given(quantity=st.integers(1, 100_000).map(lambda number: number / 100), price=st.floats(0.01, 1000))
def test_a_conversion_there_and_back_is_nothing(env_17: Environment, quantity: float, price: float) -> None:
    kilogram, gram = env_17.ref("uom.product_uom_kgm"), env_17.ref("uom.product_uom_gram")
    assert kilogram is not None
    assert gram is not None
    assert quantity_in(gram, quantity_in(kilogram, quantity, gram), kilogram) == pytest.approx(quantity)
    assert price_in(gram, price_in(kilogram, price, gram), kilogram) == pytest.approx(price)
    metre = env_17.ref("uom.product_uom_meter")
    assert metre is not None
    with pytest.raises(UserError, match="same category"):
        quantity_in(kilogram, 1, metre)


@pytest.mark.parametrize(
    ("amount", "step", "method", "expected"),
    [(1.001, 0.01, "UP", 1.01), (1.1, 0.1, "UP", 1.1), (-1.001, 0.01, "UP", -1.01), (1.019, 0.01, "DOWN", 1.01),
     (0.3, 0.1, "DOWN", 0.3), (1.005, 0.01, "HALF-UP", 1.01), (7.0, 5.0, "UP", 10.0)],
)  # fmt: skip
def test_rounding(amount: float, step: float, method: str, expected: float) -> None:
    assert round_to(amount, step, method) == expected


rules = st.lists(
    st.tuples(st.sampled_from(["3_global", "1_product", "0_product_variant"]), st.integers(0, 3), st.integers(1, 9)),
    max_size=6,
)


@one_database
@given(given_rules=rules, quantity=st.integers(1, 4))
def test_the_most_specific_rule_for_most_wins(
    env_17: Environment, given_rules: list[tuple[str, int, int]], quantity: int
) -> None:
    product = env_17["product.product"].create({"name": "Lamp", "list_price": 100.0})
    targets = {
        "1_product": {"product_tmpl_id": product.product_tmpl_id.id},
        "0_product_variant": {"product_id": product.id},
    }
    pricelist = env_17["product.pricelist"].create({"name": "Trade"})
    for kind, least, price in given_rules:
        vals = {"pricelist_id": pricelist.id, "applied_on": kind, "min_quantity": least, "fixed_price": price}
        env_17["product.pricelist.item"].create({**vals, **targets.get(kind, {})})
    fitting = [
        (kind, -least, -place, price) for place, (kind, least, price) in enumerate(given_rules) if least <= quantity
    ]
    rule = winning_rule(pricelist, wanted(pricelist, product, quantity))
    assert (rule.fixed_price if rule else None) == (min(fitting)[3] if fitting else None)
    assert pricelist._get_product_price(product, quantity) == (min(fitting)[3] if fitting else 100.0)


def test_prices_follow_the_formula_the_base_and_the_margins(env_17: Environment) -> None:
    product = env_17["product.product"].create({"name": "Lamp", "list_price": 64.36, "standard_price": 20.0})

    def price(**rule: object) -> float:
        vals = {"name": "List", "item_ids": [(0, 0, rule)]}
        found: float = env_17["product.pricelist"].create(vals)._get_product_price(product, 1.0)
        return found

    formula = {"compute_price": "formula", "price_discount": 20.0, "price_round": 0.5, "price_surcharge": 1.5}
    assert price(**formula) == 53.0
    assert price(compute_price="formula", base="standard_price", price_discount=-50.0) == 30.0
    assert price(compute_price="percentage", percent_price=50.0) == 32.18
    assert price(compute_price="formula", price_discount=50.0, price_max_margin=-40.0, price_min_margin=-60.0) == 24.36


def test_a_missing_attribute_value_leaves_no_trace(env_17: Environment) -> None:
    before = env_17["product.template"].search_count([])
    colour, size = attribute(env_17, "Colour", 1), attribute(env_17, "Size", 1)
    wrong = (0, 0, {"attribute_id": colour.id, "value_ids": [(6, 0, size.value_ids.ids)]})
    with pytest.raises(ValidationError, match="do not match"):
        env_17["product.template"].create({"name": "Desk", "attribute_line_ids": [wrong]})
    assert env_17["product.template"].search_count([]) == before


def test_the_domain_of_pricelist_rules_has_none_which_xmlrpc_cannot_send(env_17: Environment) -> None:
    domain = env_17["product.pricelist"].fields_get(["item_ids"], ["domain"])["item_ids"]["domain"]
    assert ["product_tmpl_id", "=", None] in domain


def test_an_attribute_added_later_replaces_the_only_variant(env_17: Environment) -> None:
    template = env_17["product.template"].create({"name": "Cushion"})
    before, colour = template.product_variant_ids, attribute(env_17, "Colour", 3)
    values = {"product_tmpl_id": template.id, "attribute_id": colour.id, "value_ids": [(6, 0, colour.value_ids.ids)]}
    env_17["product.template.attribute.line"].create(values)
    assert len(template.product_variant_ids) == 3
    assert not before.exists()


def test_pricelists_by_country_are_the_same_for_many_contacts_and_for_one(env_17: Environment) -> None:
    countries = env_17["res.country"].search([("code", "in", ["BE", "FR", "US"])], order="code")
    belgium, france, states = countries.ids
    groups = [
        env_17["res.country.group"].create({"name": name, "country_ids": [(6, 0, ids)]}).id
        for name, ids in (("Euro", [belgium, france]), ("Benelux", [belgium]))
    ]
    for sequence, (name, own_groups) in enumerate((("First", groups[1:]), ("Second", groups), ("Any", []))):
        values = {"name": name, "sequence": sequence, "country_group_ids": [(6, 0, own_groups)]}
        env_17["product.pricelist"].create(values)
    partners = env_17["res.partner"].create([
        {"name": "Contact", "country_id": id_} for id_ in (belgium, france, states, False)
    ])  # fmt: skip
    own = env_17["product.pricelist"].search([("name", "=", "Any")])
    partners |= env_17["res.partner"].create({"name": "Own", "country_id": belgium})
    partners[-1].property_product_pricelist = own
    together = [values["property_product_pricelist"] for values in partners.read(["property_product_pricelist"])]
    alone = [partner.read(["property_product_pricelist"])[0]["property_product_pricelist"] for partner in partners]
    assert together == alone
    names = partners.mapped(lambda partner: partner.property_product_pricelist.name)
    assert names[:2] == ["First", "Second"]
    assert names[-1] == "Any"


def test_since_17_a_variant_counts_as_changed_when_its_template_is(env: Environment) -> None:
    clock = env.db.clock
    clock.freeze("2026-01-31 12:00:00")
    template = env["product.template"].create({"name": "Lamp"})
    variant = template.product_variant_ids
    clock.freeze("2026-01-31 13:00:00")
    template.write({"description_sale": "It glows."})
    follows = env.db.profile.generation >= 17
    assert str(variant.write_date) == ("2026-01-31 13:00:00" if follows else "2026-01-31 12:00:00")
    clock.freeze("2026-01-31 14:00:00")
    variant.write({"default_code": "L1"})
    clock.freeze("2026-01-31 12:30:00")
    template.write({"description_sale": "It shines."})
    assert str(variant.write_date) == "2026-01-31 14:00:00"
