"""Calls that are made to be slow, and values that are none: what they cost, and what is answered."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from mockserver import MockServer
from mockserver.addons.base.ir_actions_server import MAX_CODE
from mockserver.addons.base.ir_sequence import MAX_PADDING
from mockserver.addons.stock.lots import MOST_PIECES
from mockserver.control.calls import MAX_ITEMS, MAX_TEXT
from mockserver.dialects.web.form import MAX_FIELDS
from mockserver.errors import DatabaseError, UserError, ValidationError
from mockserver.orm.bulk import filling
from mockserver.orm.bulk.group_by import MAX_COLUMNS
from mockserver.orm.methods import transfer, web
from mockserver.testing.faults.fault import FaultError
from tests.cost import costs_like
from tests.waiting import HANG


def test_a_query_has_as_many_columns_as_on_the_database(mockserver: MockServer) -> None:
    partners = mockserver.env["res.partner"]
    sums = [f"sum_{number}:sum(color)" for number in range(MAX_COLUMNS)]
    with pytest.raises(DatabaseError, match=f"target lists can have at most {MAX_COLUMNS} entries"):
        partners.read_group([], sums, ["name"])
    assert len(partners.read_group([], sums[:100], ["name"])) > 1


def test_names_and_attributes_may_stand_any_number_of_times(mockserver: MockServer) -> None:
    partners, few = mockserver.env["res.partner"], ["string", "type"]
    described = partners.fields_get(["name"], few)
    assert costs_like(lambda: partners.fields_get(["name"] * 100_000, few * 100_000), partners.fields_get)
    odd: Any = ["x"]
    assert partners.fields_get(["name", odd] * 1000, few * 1000) == described == {
        "name": {"string": "Name", "type": "char"}
    }  # fmt: skip


def test_a_record_may_be_read_twice_with_all_fields(mockserver: MockServer) -> None:
    ids = mockserver.env["res.partner"].search([], limit=2).ids
    once = {record["id"]: record for record in mockserver.env["res.partner"].browse(ids).read()}
    assert mockserver.env["res.partner"].browse(ids * 2).read() == [once[id_] for id_ in ids * 2]


@pytest.mark.mockserver(fixtures=["product"])
def test_a_code_in_brackets_is_found_at_once(mockserver: MockServer) -> None:
    products = mockserver.env["product.product"]
    found = products.create({"name": "Desk", "default_code": "D[1"})
    assert products.name_search("any [\n[D[1] Desk") == [[found.id, "[D[1] Desk"]]
    brackets, letters = "[a" * 50_000, "xa" * 50_000
    assert costs_like(lambda: products.name_search(brackets), lambda: products.name_search(letters))


@pytest.mark.parametrize("field", ["category_id", "child_ids"])
@pytest.mark.parametrize("command", [(4, "x"), (6, 0, ["x"])])
def test_a_text_is_no_id_of_a_link(mockserver: MockServer, field: str, command: Any) -> None:
    with pytest.raises(DatabaseError, match='invalid input syntax for type integer: "x"'):
        mockserver.env["res.partner"].search([], limit=1).write({field: [command]})


def test_a_list_of_calls_shows_the_beginnings_of_long_values() -> None:
    with MockServer(control=True) as odoo:
        params: dict[str, Any] = {
            "service": "object",
            "method": "execute_kw",
            "args": ["mock", 2, "admin", "res.partner", "write", [list(range(1, 500)), {"name": "n" * 5000}]],
        }
        requests.post(f"{odoo.url}/jsonrpc", json={"params": params}, timeout=HANG)
        (call,) = requests.get(f"{odoo.url}/_mock/calls", timeout=HANG).json()["calls"]
        assert call["ids"] == [*range(1, MAX_ITEMS + 1), f"… ({499 - MAX_ITEMS} more)"]
        assert call["args"]["vals"] == {"name": "n" * MAX_TEXT + "… (5000 characters)"}
        whole = requests.get(f"{odoo.url}/_mock/calls/1", timeout=HANG).json()
        assert whole["args"]["vals"] == {"name": "n" * 5000}


@pytest.mark.parametrize("value", [5, None, ["base.main_company"]])
def test_an_external_id_is_a_text(mockserver: MockServer, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^an external id is a text such as 'base.main_company', not "):
        mockserver.ref(value)


def test_a_status_is_no_fault(mockserver: MockServer) -> None:
    status: Any = 503
    with pytest.raises(FaultError, match=r"not 503; write HttpError\(503\)$"):
        mockserver.fail("res.partner", "create", status)


def test_an_order_may_name_a_field_any_number_of_times(mockserver: MockServer) -> None:
    countries = mockserver.env["res.country"]
    again = "name desc, name, code, " * 2000 + "id"
    assert countries.search([], order=again) == countries.search([], order="name desc, code, id")
    assert costs_like(lambda: countries.search([], order=again), lambda: countries.search([], order="name, code"))


def test_an_export_that_multiplies_its_lines_is_refused(
    mockserver: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "MAX_LINES", 1000)
    parent = mockserver.env["res.partner"].create(
        {"name": "A", "child_ids": [(0, 0, {"name": str(n)}) for n in range(9)]}
    )
    assert len(parent.export_data(["name", "child_ids/parent_id/child_ids/name"])["datas"]) > 80
    with pytest.raises(ValueError, match="the export has more than 1000 lines"):
        parent.export_data(["/".join(["child_ids", "parent_id"] * 50 + ["name"])])


def test_a_sequence_pads_within_a_limit(mockserver: MockServer) -> None:
    sequences = mockserver.env["ir.sequence"]
    sequences.create(
        [{"name": "s", "code": "s", "padding": MAX_PADDING}, {"name": "t", "code": "t", "padding": 2**31 - 1}]
    )
    assert sequences.next_by_code("s") == "0" * (MAX_PADDING - 1) + "1"
    with pytest.raises(ValueError, match=f"at most {MAX_PADDING} digits"):
        sequences.next_by_code("t")


def test_a_form_has_a_limited_number_of_fields(mockserver: MockServer) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for fields, status in ((MAX_FIELDS, 400), (MAX_FIELDS + 1, 413)):  # without a token the form is refused
        body = "&".join(["a=b"] * fields)
        answer = requests.post(f"{mockserver.url}/web/login", data=body, headers=headers, timeout=HANG)
        assert answer.status_code == status


def test_a_specification_that_multiplies_its_values_is_refused(
    mockserver: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "MAX_VALUES", 1000)
    children = [(0, 0, {"name": str(number)}) for number in range(5)]
    parent = mockserver.env["res.partner"].create({"name": "A", "child_ids": children})
    wanted: dict[str, Any] = {"name": {}}
    for depth in range(1, 100):
        wanted = {"child_ids": {"fields": wanted}} if depth % 2 else {"parent_id": {"fields": wanted}}
        if depth == 3:
            (found,) = parent.web_read(wanted)
            assert [len(child["parent_id"]["child_ids"]) for child in found["child_ids"]] == [5] * 5
    with pytest.raises(ValueError, match="the specification asks for more than 1000 values"):
        parent.web_read(wanted)


def test_gaps_between_groups_are_filled_within_a_limit(mockserver: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MAX_FILLED", 1000)
    partners = mockserver.env["res.partner"]
    partners.create([{"name": "A", "date": "2025-01-01"}, {"name": "B", "date": "2027-01-01"}])

    def groups(**options: Any) -> int:
        found = partners.with_context(fill_temporal=options or True).read_group(
            [("date", "!=", False)], [], ["date:day"]
        )
        return len(found)

    assert groups() == 731
    assert groups(min_groups=1000) == 1000
    for options in ({"min_groups": 10**9}, {"fill_to": "9999-12-31"}):
        with pytest.raises(ValueError, match="fill_temporal asks for more than 1000 groups"):
            groups(**options)


def test_code_that_takes_long_to_read_is_refused(mockserver: MockServer) -> None:
    action = {"name": "A", "model_id": mockserver.ref("base.model_res_partner").id, "state": "code"}
    assert mockserver.env["ir.actions.server"].create({**action, "code": "#" * MAX_CODE})
    with pytest.raises(ValidationError, match=f"the code has more than {MAX_CODE} characters"):
        mockserver.env["ir.actions.server"].create({**action, "code": "#" * (MAX_CODE + 1)})


@pytest.mark.mockserver(fixtures=["product"])
def test_millions_of_variants_are_refused_at_once(mockserver: MockServer) -> None:
    values = [(0, 0, {"name": str(number)}) for number in range(10)]
    attributes = mockserver.env["product.attribute"].create([{"name": f"A{n}", "value_ids": values} for n in range(8)])
    lines = [(0, 0, {"attribute_id": one.id, "value_ids": [(6, 0, one.value_ids.ids)]}) for one in attributes]
    with pytest.raises(UserError, match="The number of variants to generate is above allowed limit"):
        mockserver.env["product.template"].create({"name": "Desk", "attribute_line_ids": lines})


@pytest.mark.mockserver(fixtures=["stock"])
def test_serial_numbers_are_made_within_a_limit(mockserver: MockServer) -> None:
    lots = mockserver.env["stock.lot"]
    assert len(lots.generate_lot_names("LOT-1", MOST_PIECES)) == MOST_PIECES
    for count in (MOST_PIECES + 1, 10**9, float("inf"), float("nan")):
        with pytest.raises(ValueError, match=f"single pieces are more than {MOST_PIECES}"):
            lots.generate_lot_names("LOT-1", count)
