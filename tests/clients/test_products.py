"""Products with variants and images, as integrations keep a catalogue: by odoorpc, and by JSON-2 on 19."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import odoorpc
import pytest
import requests

from mockserver import MockServer
from tests.waiting import HANG

# a red and a blue picture of two pixels
RED = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8AARAxAAAAN8QH/4JhHagAAAABJRU5ErkJggg=="
BLUE = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGNgYPgPREAAAA7yAf+OIXzdAAAAAElFTkSuQmCC"

Call = Callable[..., Any]


def by_odoorpc(server: MockServer) -> Call:
    client = odoorpc.ODOO(server.host, port=server.port)
    client.login(server.db, server.login, server.password)

    def call(model: str, method: str, *ids: int, **arguments: Any) -> Any:
        args = [list(ids)] if ids else []
        if method == "search":  # whose domain had another name until 15
            args.append(arguments.pop("domain"))
        if method == "create":  # takes one record in old versions
            return [client.execute_kw(model, "create", [vals]) for vals in arguments["vals_list"]]
        return client.execute_kw(model, method, args, arguments)

    return call


def by_json_2(server: MockServer) -> Call:
    headers = {"Authorization": f"bearer {server.api_key}", "X-Odoo-Database": server.db}

    def call(model: str, method: str, *ids: int, **arguments: Any) -> Any:
        body = {**arguments, **({"ids": list(ids)} if ids else {})}
        answer = requests.post(f"{server.url}/json/2/{model}/{method}", json=body, headers=headers, timeout=HANG)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return call


PROFILES = ["odoo-14.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"]


@pytest.fixture(params=PROFILES)
def call(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> Call:
    """`call("res.partner", "read", id, fields=[...])`, by the client library of the version."""
    server = mockserver_factory(profile=request.param, fixtures=["product"])
    return by_json_2(server) if request.param == "odoo-19.0" else by_odoorpc(server)


@pytest.fixture
def shirt(call: Call) -> int:
    """A template with two colours and two sizes."""
    lines = []
    for name, values in (("Colour", ["Red", "Blue"]), ("Size", ["S", "L"])):
        [attribute] = call("product.attribute", "create", vals_list=[{"name": name, "create_variant": "always"}])
        vals = [{"name": value, "attribute_id": attribute} for value in values]
        ids = call("product.attribute.value", "create", vals_list=vals)
        lines.append([0, 0, {"attribute_id": attribute, "value_ids": [[6, 0, ids]]}])
    shirt = {"name": "Shirt", "list_price": 20.0, "image_1920": RED, "attribute_line_ids": lines}
    [template] = call("product.template", "create", vals_list=[shirt])
    created: int = template
    return created


def variants(call: Call, shirt: int, *fields: str) -> list[dict[str, Any]]:
    domain = [["product_tmpl_id", "=", shirt]]
    rows: list[dict[str, Any]] = call("product.product", "search_read", domain=domain, fields=list(fields), order="id")
    return rows


def test_a_template_has_a_variant_for_each_combination(call: Call, shirt: int) -> None:
    names = [row["display_name"] for row in variants(call, shirt, "display_name")]
    assert names == ["Shirt (Red, S)", "Shirt (Red, L)", "Shirt (Blue, S)", "Shirt (Blue, L)"]
    [template] = call("product.template", "read", shirt, fields=["product_variant_count", "default_code", "image_1920"])
    assert (template["product_variant_count"], template["default_code"], template["image_1920"]) == (4, False, RED)


def test_a_variant_has_its_own_code_barcode_price_and_image(call: Call, shirt: int) -> None:
    ids = [row["id"] for row in variants(call, shirt)]
    call("product.product", "write", ids[2], vals={"default_code": "SH-B-S", "barcode": "12345678", "image_1920": BLUE})
    domain = [["product_tmpl_id", "=", shirt], ["name", "=", "Blue"]]
    [blue] = call("product.template.attribute.value", "search", domain=domain)
    call("product.template.attribute.value", "write", blue, vals={"price_extra": 2.5})
    rows = variants(call, shirt, "lst_price", "image_1920", "image_variant_1920", "default_code")
    assert [row["lst_price"] for row in rows] == [20.0, 20.0, 22.5, 22.5]
    assert [row["image_1920"] for row in rows] == [RED, RED, BLUE, RED]
    assert [row["image_variant_1920"] for row in rows] == [False, False, BLUE, False]
    [found] = call("product.product", "search", domain=[["barcode", "=", "12345678"]])
    [[by_code, name]] = call("product.product", "name_search", name="SH-B-S")
    assert (found, by_code, name) == (ids[2], ids[2], "[SH-B-S] Shirt (Blue, S)")
    [template] = call("product.template", "read", shirt, fields=["image_1920"])
    assert template["image_1920"] == RED


def test_a_value_that_is_taken_away_archives_or_deletes_its_variants(call: Call, shirt: int) -> None:
    [line] = call("product.template.attribute.line", "search", domain=[["product_tmpl_id", "=", shirt],
                                                                       ["attribute_id.name", "=", "Size"]])  # fmt: skip
    [large] = call("product.attribute.value", "search", domain=[["name", "=", "L"]])
    call("product.template.attribute.line", "write", line, vals={"value_ids": [[3, large, 0]]})
    names = [row["display_name"] for row in variants(call, shirt, "display_name")]
    assert names == ["Shirt (Red)", "Shirt (Blue)"]
    call("product.template", "write", shirt, vals={"active": False})
    assert variants(call, shirt) == []
