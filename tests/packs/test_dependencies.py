"""Stored computed fields are kept true: what each of them depends on, in every profile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.schema.registry import Registry
from mockserver.seed import build as seed

# fields that depend on nothing that is written, so that they are computed once, with the reason
ONCE = {
    ("account.payment.register", "payment_token_id"): "always empty: there are no payment providers",
    ("hr.employee.public", "employee_id"): "the employee with the same id",
    ("ir.attachment", "res_name"): "the name of the record when the file was attached",
    ("ir.model.fields", "selection"): "a text of rows that are written by themselves",
    ("mail.channel", "channel_partner_ids"): "written by the members, which are its rows",
    ("mail.message", "record_name"): "the name of the record when the message was written",
    ("sale.order", "sale_order_template_id"): "taken from the company when the order is created",
    ("sale.order", "show_update_pricelist"): "a field of the form until 15, which is written",
    ("product.template", "purchase_ok"): "what was written; only modules without a pack decide about it",
    ("resource.calendar", "hours_per_day"): "changed by the form only, until 16",
}


@pytest.fixture(params=list(profiles.PROFILES), scope="module")
def registry(request: pytest.FixtureRequest) -> Registry:
    profile = profiles.get(request.param).with_demo(False)
    database: Database = seed.build("test", profile=profile, fixtures=["business"], clock=Clock())
    return database.registry


def stored_computes(registry: Registry) -> Iterator[tuple[str, str]]:
    for name, model in registry.items():
        for field in model.fields.values() if not model.abstract else ():
            if field.compute and field.store and not field.related and not registry.depends(field):
                yield name, field.name


def test_every_stored_computed_field_depends_on_something(registry: Registry) -> None:
    assert set(stored_computes(registry)) - ONCE.keys() == set()


@pytest.mark.parametrize(
    ("model", "field", "path"),
    [
        ("purchase.order.line", "price_subtotal", "price_unit"),
        ("sale.order.line", "price_subtotal", "price_unit"),
        ("stock.move", "product_qty", "product_uom_qty"),
    ],
)
def test_amounts_of_orders_depend_on_their_lines_in_every_profile(
    registry: Registry, model: str, field: str, path: str
) -> None:
    assert path in registry.depends(registry[model].fields[field])
