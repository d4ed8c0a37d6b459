"""What a failed assertion says, word for word: ten mistakes as people make them."""

from __future__ import annotations

import contextlib
import textwrap
import xmlrpc.client
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockserver import HttpError, MockServer, Reset
from mockserver.testing.journal.assertions import Step
from mockserver.testing.journal.wording import brief
from tests.typed import wrong

WIDTH = 112  # characters that a line may have


@pytest.fixture(scope="module")
def odoo() -> Iterator[MockServer]:
    """A server after a small sync: look, create, write, look again, and one call that was refused."""
    with MockServer(demo=True) as server, xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as proxy:

        def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
            return proxy.execute_kw(server.db, server.uid, server.password, model, method, args, kwargs)

        call("res.partner", "search_read", [["email", "=", "info@azure.example"]], fields=["name", "email"], limit=80)
        vals = {"name": "Azure Interior", "email": "info@azure.example", "country_id": 20}
        id_ = call("res.partner", "create", vals)
        call("res.partner", "create", {"name": "Deco Addict", "email": "deco@example.com"})
        call("res.partner", "write", [id_], {"phone": "+32 2 290 34 90", "category_id": [[6, 0, []]]})
        call("res.partner", "search", [["is_company", "=", True], ["name", "ilike", "azure"]])
        with pytest.raises(xmlrpc.client.Fault):
            call("res.partner", "action_archive", [id_], "surplus")
        yield server


def text(claim: Callable[[], object]) -> str:
    """What the claim fails with."""
    with pytest.raises(AssertionError) as failure:
        claim()
    told = str(failure.value)
    assert all(len(line) <= WIDTH for line in told.splitlines())
    return told


def pinned(told: str) -> str:
    return textwrap.dedent(told).strip("\n")


def test_a_value_is_another(odoo: MockServer) -> None:
    assert text(
        lambda: odoo.assert_called(
            "res.partner", "create", vals__contains={"name": "Azure Interior", "email": "sales@azure.example"}
        )
    ) == pinned("""\
        res.partner.create was not called like this.
            vals contains {'name': 'Azure Interior', 'email': 'sales@azure.example'}
        Nearest of 2 calls:
            2. xmlrpc admin res.partner.create(vals_list={'name': 'Azure Inte...', 'email': 'info@azure...', ...}) -> 41
                vals.email: 'info@azure.example', expected 'sales@azure.example'
            3. xmlrpc admin res.partner.create(vals_list={'name': 'Deco Addict', 'email': 'deco@example.com'}) -> 42
                vals.name: 'Deco Addict', expected 'Azure Interior'
                vals.email: 'deco@example.com', expected 'sales@azure.example'
        """)


def test_a_field_is_misspelt(odoo: MockServer) -> None:
    assert text(lambda: odoo.assert_called("res.partner", "write", vals__contains={"phnoe": "+32"})) == pinned("""\
        res.partner.write was not called like this.
            vals contains {'phnoe': '+32'}
        Nearest of 1 call:
            4. xmlrpc admin res.partner.write([41], vals={'phone': '+32 2 290...', 'category_id': [[6, 0, []]]}) -> True
                vals.phnoe: not given, expected '+32' (there is 'phone')
        """)


def test_values_are_to_be_these_and_no_others(odoo: MockServer) -> None:
    assert text(
        lambda: odoo.assert_called("res.partner", "create", vals={"name": "Azure Interior", "phone": False})
    ) == pinned("""\
        res.partner.create was not called like this.
            vals = {'name': 'Azure Interior', 'phone': False}
        Nearest of 2 calls:
            3. xmlrpc admin res.partner.create(vals_list={'name': 'Deco Addict', 'email': 'deco@example.com'}) -> 42
                vals.name: 'Deco Addict', expected 'Azure Interior'
                vals.phone: not given, expected False
                vals.email: 'deco@example.com', not expected
            2. xmlrpc admin res.partner.create(vals_list={'name': 'Azure Inte...', 'email': 'info@azure...', ...}) -> 41
                vals.phone: not given, expected False
                vals.email: 'info@azure.example', not expected
                vals.country_id: 20, not expected
        """)


def test_a_domain_differs_in_one_leaf(odoo: MockServer) -> None:
    assert text(
        lambda: odoo.assert_called(
            "res.partner",
            "search_read",
            domain=[("email", "=ilike", "info@azure.example")],
            limit=100,
            **wrong({"offst": 0}),
        )
    ) == pinned("""\
        res.partner.search_read was not called like this.
            domain = [('email', '=ilike', 'info@azure.example')]
            limit = 100
            offst = 0
        Nearest of 1 call:
            1. xmlrpc admin res.partner.search_read(domain=[['email', '=', 'info@azure.example']], fields=['na...) -> []
                domain[0]: ('email', '=', 'info@azure.example'), expected ('email', '=ilike', 'info@azure.example')
                limit: 80, expected 100
                offst: not given, expected 0 (did you mean 'offset'?)
        """)


def test_a_domain_has_a_leaf_less(odoo: MockServer) -> None:
    assert text(lambda: odoo.assert_called("res.partner", "search", domain=[("is_company", "=", True)])) == pinned("""\
        res.partner.search was not called like this.
            domain = [('is_company', '=', True)]
        Nearest of 1 call:
            5. xmlrpc admin res.partner.search(domain=[['is_company', '=', True], ['name', 'ilike', 'azure']]) -> [14]
                domain: ('name', 'ilike', 'azure'), not expected
                domain: 2 items, expected 1
        """)


def test_the_records_and_the_user_are_others(odoo: MockServer) -> None:
    assert text(
        lambda: odoo.assert_called("res.partner", "write", ids=[7, 8], user="demo", dialect="json2", error=True)
    ) == pinned("""\
        res.partner.write was not called like this.
            ids = [7, 8]
            user = 'demo'
            dialect = 'json2'
            error = True
        Nearest of 1 call:
            4. xmlrpc admin res.partner.write([41], vals={'phone': '+32 2 290...', 'category_id': [[6, 0, []]]}) -> True
                ids: [41], expected [7, 8]
                user: 'admin' (uid 2), expected 'demo'
                dialect: 'xmlrpc', expected 'json2'
                error: ok, expected an error
        """)


def test_a_method_is_misspelt(odoo: MockServer) -> None:
    assert text(lambda: odoo.assert_called("res.partner", "serach")) == pinned("""\
        res.partner.serach was not called.
        There is no method 'serach'; did you mean 'search'?
        Calls of res.partner:
            ... 1 earlier one
            2. xmlrpc admin res.partner.create(vals_list={'name': 'Azure Inte...', 'email': 'info@azure...', ...}) -> 41
            3. xmlrpc admin res.partner.create(vals_list={'name': 'Deco Addict', 'email': 'deco@example.com'}) -> 42
            4. xmlrpc admin res.partner.write([41], vals={'phone': '+32 2 290...', 'category_id': [[6, 0, []]]}) -> True
            5. xmlrpc admin res.partner.search(domain=[['is_company', '=', True], ['name', 'ilike', 'azure']]) -> [14]
            6. xmlrpc admin res.partner.action_archive([41], 'surplus') raised TypeError: BaseModel.action_archive() ...
        """)


def test_a_model_is_misspelt(odoo: MockServer) -> None:
    assert text(lambda: odoo.assert_not_called("res.partnr", "unlink")) == pinned("""\
        res.partnr.unlink cannot be called.
        There is no model 'res.partnr'; did you mean 'res.partner'?
        """)


def test_an_argument_is_misspelt_in_a_call_that_must_not_be(odoo: MockServer) -> None:
    misspelt: dict[str, Any] = {"domian": []}
    assert text(lambda: odoo.assert_not_called("res.partner", "search", **misspelt)) == pinned("""\
        res.partner.search cannot be called like this.
        There is no argument 'domian'; did you mean 'domain'?
        """)
    odoo.assert_not_called("res.partner", "search", domain=[])
    odoo.assert_not_called("res.partner", "create", vals={"name": "Nobody"})
    odoo.assert_not_called("res.partner", **misspelt)  # some method may have it


def test_a_call_came_too_often(odoo: MockServer) -> None:
    assert text(lambda: odoo.assert_called("res.partner", "create", count=1)) == pinned("""\
        res.partner.create was called twice, not once.
        Calls:
            2. xmlrpc admin res.partner.create(vals_list={'name': 'Azure Inte...', 'email': 'info@azure...', ...}) -> 41
            3. xmlrpc admin res.partner.create(vals_list={'name': 'Deco Addict', 'email': 'deco@example.com'}) -> 42
        """)


def test_a_call_came_too_seldom(odoo: MockServer) -> None:
    assert text(
        lambda: odoo.assert_called("res.partner", "create", vals__contains={"country_id": 20}, count=2)
    ) == pinned("""\
        res.partner.create was called like this once, not twice.
            vals contains {'country_id': 20}
        Calls:
            2. xmlrpc admin res.partner.create(vals_list={'name': 'Azure Inte...', 'email': 'info@azure...', ...}) -> 41
        Nearest of the others:
            3. xmlrpc admin res.partner.create(vals_list={'name': 'Deco Addict', 'email': 'deco@example.com'}) -> 42
                vals.country_id: not given, expected 20
        """)


def test_a_call_should_not_have_come(odoo: MockServer) -> None:
    assert text(lambda: odoo.assert_not_called("res.partner", "action_archive")) == pinned("""\
        res.partner.action_archive was called, and should not be.
        Calls:
            6. xmlrpc admin res.partner.action_archive([41], 'surplus') raised TypeError: BaseModel.action_archive() ...
        """)


def test_a_method_should_not_be_called_on_anything(odoo: MockServer) -> None:
    assert text(lambda: odoo.assert_not_called(method="action_archive")) == pinned("""\
        action_archive was called on res.partner, and should not be.
        Calls:
            6. xmlrpc admin res.partner.action_archive([41], 'surplus') raised TypeError: BaseModel.action_archive() ...
        """)
    assert text(lambda: odoo.assert_called(method="create", count=1)).startswith(
        "create was called on res.partner twice, not once.\n"
    )
    assert text(lambda: odoo.assert_called(method="name_create")).startswith("name_create was not called.\n")
    assert text(lambda: odoo.assert_not_called("res.partner", user="admin")).startswith(
        "res.partner was called like this, and should not be.\n    user = 'admin'\n"
    )
    assert text(lambda: odoo.assert_called(user="demo")).startswith("nothing was called like this.\n")
    assert text(lambda: odoo.assert_not_called(user="admin")).startswith(
        "something was called on res.partner like this, and should not be.\n"
    )


def test_a_fault_is_asked_for_by_its_class() -> None:
    with MockServer(demo=True) as odoo, xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy:
        odoo.fail("res.partner", "write", HttpError(503), times=1)
        for vals in ({"phone": "1"}, {"phone": "2"}):
            with contextlib.suppress(xmlrpc.client.ProtocolError):
                proxy.execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", "write", [[1], vals])
        assert text(lambda: odoo.assert_called("res.partner", "write", error=Reset)) == pinned("""\
            res.partner.write was not called like this.
                error = Reset
            Nearest of 2 calls:
                2. xmlrpc admin res.partner.write([1], vals={'phone': '2'}) -> True
                    error: ok, expected Reset
                1. xmlrpc admin res.partner.write([1], vals={'phone': '1'}) not performed: HttpError(503)
                    error: HttpError, expected Reset
            """)
        assert text(lambda: odoo.assert_called("res.partner", "write", fault=Reset(after=True))) == pinned("""\
            res.partner.write was not called like this.
                fault = Reset(after=True)
            Nearest of 2 calls:
                2. xmlrpc admin res.partner.write([1], vals={'phone': '2'}) -> True
                    fault: none, expected Reset(after=True)
                1. xmlrpc admin res.partner.write([1], vals={'phone': '1'}) not performed: HttpError(503)
                    fault: HttpError(503), expected Reset(after=True)
            """)


def test_of_long_arguments_something_of_each_is_seen() -> None:
    with MockServer(demo=True) as odoo, xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy:
        for domain in (
            [["email", "=", "a-rather-long-address@azure.example"], ["name", "ilike", "Azure Interior and more"]],
            [["ref", "=", "C1"]],
            [["id", "in", list(range(1000, 2000))]],
        ):
            options = {"fields": ["name", "email", "phone", "ref", "write_date", "country_id"], "limit": 80}
            proxy.execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", "search_read", [domain], options)
        vals = {f"x_{n}": "y" * 30 for n in range(20)}
        with pytest.raises(xmlrpc.client.Fault):
            proxy.execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", "write", [[1], vals])
        assert str(odoo.calls) == pinned("""\
            1. xmlrpc admin res.partner.search_read(domain=[['email', '=', 'a-rather-long-address...'], ...], ...) -> []
            2. xmlrpc admin res.partner.search_read(domain=[['ref', '=', 'C1']], fields=['name', 'email', 'pho...) -> []
            3. xmlrpc admin res.partner.search_read(domain=[['id', 'in', [1000, 1001, 1002, 1003, ...]]], ...) -> []
            4. xmlrpc admin res.partner.write([1], vals={'x_0': 'yyyyyyyyyy...) raised ValueError: Invalid field 'x_0...
               note: the mock has no field x_0 of res.partner: a fixture adds it
               note: the mock has no field x_1 of res.partner: a fixture adds it
               note: the mock has no field x_2 of res.partner: a fixture adds it
               note: the mock has no field x_3 of res.partner: a fixture adds it
               note: the mock has no field x_4 of res.partner: a fixture adds it
               note: the mock lacks 15 more of the fields that the call names
            """)


def test_calls_came_in_another_order(odoo: MockServer) -> None:
    steps: list[Step] = ["res.partner.search_read", "res.partner.write", ("res.partner", "create", {})]
    assert text(lambda: odoo.assert_order(steps)) == pinned("""\
        Step 3, res.partner.create, did not come after call 4.
        In order until then:
            1. xmlrpc admin res.partner.search_read(domain=[['email', '=', 'info@azure.example']], fields=['na...) -> []
            4. xmlrpc admin res.partner.write([41], vals={'phone': '+32 2 290...', 'category_id': [[6, 0, []]]}) -> True
        It came before:
            2. xmlrpc admin res.partner.create(vals_list={'name': 'Azure Inte...', 'email': 'info@azure...', ...}) -> 41
            3. xmlrpc admin res.partner.create(vals_list={'name': 'Deco Addict', 'email': 'deco@example.com'}) -> 42
        """)


def test_a_step_never_came(odoo: MockServer) -> None:
    steps: list[Step] = [
        "res.partner.create",
        ("res.partner", "write", {"vals__contains": {"phone": "+32 2 290 34 91"}}),
    ]
    assert text(lambda: odoo.assert_order(steps)) == pinned("""\
        Step 2, res.partner.write, did not come after call 2.
            vals contains {'phone': '+32 2 290 34 91'}
        In order until then:
            2. xmlrpc admin res.partner.create(vals_list={'name': 'Azure Inte...', 'email': 'info@azure...', ...}) -> 41
        It never came like this; nearest:
            4. xmlrpc admin res.partner.write([41], vals={'phone': '+32 2 290...', 'category_id': [[6, 0, []]]}) -> True
                vals.phone: '+32 2 290 34 90', expected '+32 2 290 34 91'
        """)


def test_there_were_no_calls() -> None:
    with MockServer(demo=True) as odoo:
        assert text(lambda: odoo.assert_called("res.partner", "create")) == pinned("""\
        res.partner.create was not called.
        There were no calls.
        """)


def test_the_client_went_astray() -> None:
    with MockServer(demo=True) as odoo:
        with pytest.raises(xmlrpc.client.ProtocolError), xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc") as proxy:
            proxy.version()
        assert text(lambda: odoo.assert_called("common", "version")) == pinned("""\
        common.version was not called.
        There were no calls, but 1 request that were not calls:
            POST /xmlrpc raised NotFound: 404 Not Found: The requested URL was not found on the server. If you entere...
        """)


def test_the_journal_was_too_small() -> None:
    with MockServer(demo=True, journal=1) as odoo, xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
        for _ in range(3):
            common.version()
        assert text(lambda: odoo.assert_called("common", "version", count=2)) == pinned("""\
        Whether common.version was called cannot be told: of 2 earlier calls nothing is kept, there is room for 1 call.
        More of them: MockServer(journal=...), @pytest.mark.mockserver(journal=...).
        """)


def test_a_value_that_is_cut_keeps_its_closing_bracket() -> None:
    order = {"partner_id": 41, "client_order_ref": "W-1001", "order_line": [[0, 0, {"product_id": 1}]]}
    for room in range(5, 100):
        assert brief(order, room)[-1] == "}"
        assert len(brief(order, room)) <= max(room, 5)
    assert brief(order, 18) == "{'partner_id':...}"
