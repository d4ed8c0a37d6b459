"""Forms with lines: what an onchange tells of lines that the client knows, and of new ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import MockServer, api, fields, models


class Order(models.Model):
    _name = "x.order"

    name = fields.Char(default="New")
    rate = fields.Float(default=1)
    line_ids = fields.One2many("x.order.line", "order_id")
    total = fields.Float(compute="_compute_total", store=True)

    @api.depends("line_ids.subtotal")
    def _compute_total(self) -> None:
        for order in self:
            order.total = sum(order.line_ids.mapped("subtotal"))

    @api.onchange("name")
    def _onchange_name(self) -> None:
        if self.name == "Set":
            self.line_ids = [(5,), (0, 0, {"price": 7.0})]


class Line(models.Model):
    _name = "x.order.line"

    order_id = fields.Many2one("x.order", ondelete="cascade")
    partner_id = fields.Many2one("res.partner")
    price = fields.Float()
    subtotal = fields.Float(compute="_compute_subtotal", store=True)

    @api.depends("price", "order_id.rate")
    def _compute_subtotal(self) -> None:
        for line in self:
            line.subtotal = line.price * line.order_id.rate


SPEC: dict[str, Any] = {
    "name": {}, "rate": {}, "total": {},
    "line_ids": {"fields": {"price": {}, "subtotal": {}, "partner_id": {"fields": {"display_name": {}}}}},
}  # fmt: skip


@pytest.fixture
def odoo() -> Iterator[MockServer]:
    with MockServer(models=[Order, Line]) as server:
        yield server


def changed(odoo: MockServer, ids: list[int], values: dict[str, Any], *names: str) -> Any:
    return odoo.env["x.order"].browse(ids).onchange(values, list(names), SPEC)["value"]


def test_a_change_of_the_record_changes_lines_that_are_not_saved(odoo: MockServer) -> None:
    values = {"name": "New", "rate": 2, "line_ids": [[0, "virtual_1", {"price": 10}], [0, "virtual_2", {"price": 0}]]}
    assert changed(odoo, [], {**values, "rate": 2}, "rate") == {
        "line_ids": [(1, "virtual_1", {"subtotal": 20.0})], "total": 20.0,
    }  # fmt: skip


def test_a_change_of_a_line_tells_what_follows_for_the_record(odoo: MockServer) -> None:
    values = {"name": "New", "rate": 2, "line_ids": [[0, "virtual_1", {"price": 10}]]}
    assert changed(odoo, [], values, "line_ids") == {"total": 20.0}


def test_saved_lines_are_known_by_their_ids(odoo: MockServer) -> None:
    order = odoo.env["x.order"].create({"line_ids": [(0, 0, {"price": 1}), (0, 0, {"price": 2})]})
    one, two = order.line_ids.ids
    told = changed(odoo, order.ids, {"rate": 3}, "rate")
    assert told == {"line_ids": [(1, one, {"subtotal": 3.0}), (1, two, {"subtotal": 6.0})], "total": 9.0}
    assert changed(odoo, order.ids, {"line_ids": [[2, one, 0]]}, "line_ids") == {"total": 2.0}
    assert order.line_ids.ids == [one, two]


def test_a_method_replaces_the_lines(odoo: MockServer) -> None:
    order = odoo.env["x.order"].create({"line_ids": [(0, 0, {"price": 1})]})
    made = (0, 0, {"price": 7.0, "subtotal": 7.0, "partner_id": False})
    assert changed(odoo, order.ids, {"name": "Set"}, "name") == {
        "line_ids": [(2, order.line_ids.id), made], "total": 7.0,
    }  # fmt: skip
    values = {"name": "Set", "rate": 1, "line_ids": [[0, "virtual_1", {"price": 10}]]}
    assert changed(odoo, [], values, "name") == {"line_ids": [(2, "virtual_1"), made], "total": 7.0}


def test_until_16_all_lines_are_told_again() -> None:
    with MockServer(profile="odoo-16.0", models=[Order, Line]) as odoo:
        partner = odoo.env["res.partner"].create({"name": "Anna"})
        order = odoo.env["x.order"].create({"line_ids": [(0, 0, {"price": 1}), (0, 0, {})]})
        first, second = order.line_ids.ids
        spec = {"rate": "1", "total": "", "line_ids": "1", "line_ids.price": "", "line_ids.subtotal": "",
                "line_ids.partner_id": ""}  # fmt: skip
        values = {"rate": 2, "line_ids": [[0, "virtual_1", {"price": 5, "partner_id": partner.id}], [4, first, False]]}
        told = order.onchange(values, "rate", spec)["value"]
        assert told == {
            "total": 12.0,
            "line_ids": [
                (5,), (1, first, {"subtotal": 2.0}), (4, second),
                (0, "virtual_1", {"price": 5.0, "subtotal": 10.0, "partner_id": [partner.id, "Anna"]}),
            ],
        }  # fmt: skip


def test_a_salesman_sees_the_form_of_a_record_that_no_rule_gives_him_yet(odoo: MockServer) -> None:
    model = odoo.env["ir.model"].search([("model", "=", "x.order")])
    rule = {"name": "own", "model_id": model.id, "domain_force": "[('create_uid', '=', user.id)]"}
    odoo.env["ir.rule"].create(rule)
    assert changed(odoo, [], {}, *()) == {"name": "New", "rate": 1.0, "total": 0.0}
