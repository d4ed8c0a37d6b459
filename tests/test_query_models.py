"""Models without a table: their rows are those of a query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import MockServer, api, fields, models
from mockserver.errors import DatabaseError


class Sale(models.Model):
    _name = "x.sale"

    partner_id = fields.Many2one("res.partner")
    amount = fields.Float()


class Report(models.Model):
    _name = "x.sale.report"
    _auto = False
    _order = "total desc"

    partner_id = fields.Many2one("res.partner", readonly=True)
    country_id = fields.Many2one("res.country", related="partner_id.country_id")
    total = fields.Float(readonly=True)
    kept = fields.Char(related="partner_id.name", store=True)
    half = fields.Float(compute="_compute_half")

    @api.depends("total")
    def _compute_half(self) -> None:
        for row in self:
            row.half = row.total / 2

    def _query_rows(self) -> Iterator[dict[str, Any]]:
        for partner, sales in self.env["x.sale"].search([]).grouped("partner_id").items():
            row = {"partner_id": partner.id, "total": sum(sales.mapped("amount")), "kept": partner.name or None}
            yield {"id": min(sales.ids), **row}


@pytest.fixture
def odoo() -> Iterator[MockServer]:
    with MockServer(models=[Sale, Report]) as server:
        yield server


def sell(odoo: MockServer, name: str, *amounts: float) -> Any:
    partner = odoo.env["res.partner"].create({"name": name, "country_id": odoo.ref("base.be").id})
    odoo.env["x.sale"].create([{"partner_id": partner.id, "amount": amount} for amount in amounts])
    return partner


def test_rows_follow_the_records_that_they_are_made_of(odoo: MockServer) -> None:
    report = odoo.env["x.sale.report"]
    assert report.search_count([]) == 0
    anna, bob = sell(odoo, "Anna", 1, 2), sell(odoo, "Bob", 10)
    rows = report.search_read([], ["partner_id", "total", "half", "country_id", "kept"])
    assert [(row["partner_id"][0], row["total"], row["half"], row["kept"]) for row in rows] == [
        (bob.id, 10.0, 5.0, "Bob"), (anna.id, 3.0, 1.5, "Anna"),
    ]  # fmt: skip
    assert rows[0]["country_id"][1] == "Belgium"
    odoo.env["x.sale"].search([("partner_id", "=", bob.id)]).write({"amount": 1})
    assert report.search([]).mapped("total") == [3.0, 1.0]
    bob.name = "Bo"
    assert report.search([("kept", "=", "Bo")]).partner_id == bob


def test_groups_and_domains_work_on_them(odoo: MockServer) -> None:
    report = odoo.env["x.sale.report"]
    sell(odoo, "Anna", 1, 2)
    sell(odoo, "Bob", 10)
    [group] = report.read_group([("partner_id.name", "like", "n")], ["total:sum"], [])
    assert group["total"] == 3.0
    by_country = report.read_group([], ["total:sum"], ["partner_id"])
    assert sorted(group["total"] for group in by_country) == [3.0, 10.0]
    assert report.search_count(["|", ("total", ">", 5), ("country_id.code", "=", "FR")]) == 1
    first = report.search([], limit=1)
    assert report.browse(first.id).exists()
    assert not report.browse(first.id + 100).exists()


def test_record_rules_apply_to_them(odoo: MockServer) -> None:
    sell(odoo, "Anna", 1)
    sell(odoo, "Bob", 10)
    model = odoo.env["ir.model"].search([("model", "=", "x.sale.report")])
    odoo.env["ir.rule"].create({"name": "small", "model_id": model.id, "domain_force": "[('total', '<', 5)]"})
    assert odoo.env["x.sale.report"].with_user(2).search([]).mapped("total") == [1.0]


def test_nothing_is_written_to_them(odoo: MockServer) -> None:
    anna = sell(odoo, "Anna", 1)
    report = odoo.env["x.sale.report"]
    row = report.search([])
    for change in (lambda: report.create({"total": 1}), lambda: row.write({"total": 1}), row.unlink):
        with pytest.raises(DatabaseError, match="view"):
            change()
    odoo.env["x.sale"].search([]).unlink()
    anna.unlink()  # no row of a report refers to it, as views have no foreign keys
    assert not report.search([])


def test_a_copy_and_a_dump_have_no_rows_of_queries(odoo: MockServer) -> None:
    sell(odoo, "Anna", 1)
    database = odoo.env.db
    assert odoo.env["x.sale.report"].search_count([]) == 1
    assert "x.sale.report" not in database.dump()["rows"]
    copy = database.clone("copy")
    copy.env()["x.sale"].search([]).unlink()
    assert copy.env()["x.sale.report"].search_count([]) == 0
    assert odoo.env["x.sale.report"].search_count([]) == 1


def test_an_error_of_the_query_is_the_answer(odoo: MockServer) -> None:
    class Broken(models.Model):
        _inherit = "x.sale.report"

        def _query_rows(self) -> Any:
            raise ZeroDivisionError("no rows")

    odoo.model(Broken)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            odoo.env["x.sale.report"].search([])


def test_an_empty_attribute_of_a_record_is_empty_in_a_row_too() -> None:
    class Visit(models.Model):
        _name = "x.visit"

        begins = fields.Datetime()
        paid = fields.Boolean()

    class Visits(models.Model):
        _name = "x.visit.report"
        _auto = False

        begins = fields.Datetime(readonly=True)
        paid = fields.Boolean(readonly=True)

        def _query_rows(self) -> Iterator[dict[str, Any]]:
            for visit in self.env["x.visit"].search([]):
                yield {"id": visit.id, "begins": visit.begins, "paid": visit.paid}

    with MockServer(models=[Visit, Visits]) as server:
        visit = server.env["x.visit"].create({})
        assert server.env["x.visit.report"].search_read([], ["begins", "paid"]) == [
            {"id": visit.id, "begins": False, "paid": False}
        ]
        assert server.env["x.visit.report"].search_count([("begins", "=", False), ("paid", "=", False)]) == 1
