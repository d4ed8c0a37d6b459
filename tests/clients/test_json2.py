"""JSON-2, which Odoo 19 brought: plain `requests` with a key in the header, and odoo-client-lib's connector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import odoolib
import pytest
import requests

from mockserver import MockServer
from tests.waiting import HANG

MISSING = 99999999
GONE = f"Record does not exist or has been deleted.\n(Record: res.partner({MISSING},), User: 2)"


@pytest.fixture
def latest(mockserver_factory: Callable[..., MockServer]) -> MockServer:
    return mockserver_factory(profile="odoo-19.0")


@pytest.fixture
def post(latest: MockServer) -> Iterator[Callable[..., requests.Response]]:
    """`post("res.partner/search", domain=[...])` with the key of the administrator."""
    with requests.Session() as session:
        session.headers.update({"Authorization": f"bearer {latest.api_key}", "X-Odoo-Database": latest.db})

        def post(method: str, **arguments: Any) -> requests.Response:
            return session.post(f"{latest.url}/json/2/{method}", json=arguments, timeout=HANG)

        yield post


def test_requests_creates_reads_writes_and_deletes_by_json_2(
    post: Callable[..., requests.Response], latest: MockServer
) -> None:
    belgium = latest.ref("base.be").id
    company, person = post(
        "res.partner/create", vals_list=[{"name": "Acme", "country_id": belgium}, {"name": "Ann"}]
    ).json()
    assert post("res.partner/write", ids=[person], vals={"parent_id": company, "ref": "A1"}).json() is True
    tags = [[0, 0, {"name": "One"}], [0, 0, {"name": "Two"}]]
    assert post("res.partner/write", ids=[person], vals={"category_id": tags}).json() is True
    [row] = post("res.partner/read", ids=[person], fields=["name", "parent_id", "category_id"]).json()
    assert (row["name"], row["parent_id"], len(row["category_id"])) == ("Ann", [company, "Acme"], 2)
    domain = [["parent_id.country_id.code", "=", "BE"], ["id", "=", person]]
    assert post("res.partner/search_read", domain=domain, fields=["ref"]).json() == [{"id": person, "ref": "A1"}]
    assert post("res.partner/search", domain=[["child_ids", "any", [["id", "=", person]]]]).json() == [company]
    [copied] = post("res.partner/copy", ids=[person]).json()
    assert post("res.partner/read", ids=[copied], fields=["name"]).json() == [{"id": copied, "name": "Ann (copy)"}]
    post("res.partner/action_archive", ids=[copied])
    assert post("res.partner/search_count", domain=[["id", "=", copied]]).json() == 0
    asked = {"domain": [["id", "=", copied]], "context": {"active_test": False}}
    assert post("res.partner/search_count", **asked).json() == 1
    assert post("res.partner/unlink", ids=[person, copied]).json() is True
    assert post("res.users/context_get").json()["lang"] == "en_US"


JSON2_ERRORS: list[tuple[str, dict[str, Any], int, str, str]] = [
    (
        "no.such.model/search",
        {"domain": []},
        404,
        "werkzeug.exceptions.NotFound",
        "the model 'no.such.model' does not exist",
    ),
    ("res.partner/nope", {}, 404, "werkzeug.exceptions.NotFound", "The method 'res.partner.nope' does not exist"),
    ("res.partner/search", {}, 422, "werkzeug.exceptions.UnprocessableEntity", "missing a required argument: 'domain'"),
    ("res.partner/write", {"ids": [MISSING], "vals": {"name": "x"}}, 404, "odoo.exceptions.MissingError", GONE),
    (
        "res.country/create",
        {"vals_list": [{"name": "Twin", "code": "BE"}]},
        422,
        "odoo.exceptions.ValidationError",
        "The operation cannot be completed: The code of the country must be unique!",
    ),
    (
        "res.partner/_search",
        {"domain": []},
        403,
        "odoo.exceptions.AccessError",
        "Private methods (such as 'res.partner._search') cannot be called remotely.",
    ),
    (
        "res.partner/search",
        {"domain": [["nope", "=", 1]]},
        500,
        "builtins.ValueError",
        "Invalid field res.partner.nope in condition ('nope', '=', 1)",
    ),
]


@pytest.mark.parametrize(("method", "arguments", "status", "name", "message"), JSON2_ERRORS)
def test_requests_is_told_an_error_by_its_status_and_its_body(
    post: Callable[..., requests.Response], method: str, arguments: dict[str, Any], status: int, name: str, message: str
) -> None:
    answer = post(method, **arguments)
    assert (answer.status_code, answer.json()["name"], answer.json()["message"]) == (status, name, message)
    assert list(answer.json()) == ["name", "message", "arguments", "context", "debug"]


def test_requests_without_a_key_or_with_a_wrong_one_is_unauthorized(latest: MockServer) -> None:
    url = f"{latest.url}/json/2/res.partner/search"
    wrong = requests.post(url, json={"domain": []}, headers={"Authorization": "bearer wrong"}, timeout=HANG)
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Invalid apikey")
    without = requests.post(url, json={"domain": []}, timeout=HANG)
    assert (without.status_code, without.headers["WWW-Authenticate"]) == (401, "bearer")


@pytest.mark.parametrize(("profile", "status"), [("odoo-17.0", 404), ("odoo-18.0", 303)])
def test_json_2_is_not_there_before_19(
    mockserver_factory: Callable[..., MockServer], profile: str, status: int
) -> None:
    """In 18 `/json/` is a page for users who are logged in."""
    server = mockserver_factory(profile=profile)
    headers = {"Authorization": f"bearer {server.api_key}"}
    answer = requests.post(
        f"{server.url}/json/2/res.partner/search",
        json={"domain": []},
        headers=headers,
        timeout=HANG,
        allow_redirects=False,
    )
    assert answer.status_code == status


def test_odoo_client_lib_learns_the_parameters_and_calls_by_json_2(latest: MockServer) -> None:
    connection = odoolib.get_connection(
        hostname=latest.host, port=latest.port, protocol="json2", database=latest.db, password=latest.api_key
    )
    assert connection.check_login() is True
    assert connection.get_user_context()["lang"] == "en_US"
    partners = connection.get_model("res.partner")
    # by position: it asks /doc-bearer/res.partner.json for the names
    one, two = partners.create([{"name": "Lib 1"}, {"name": "Lib 2"}])
    assert partners.read([one, two], ["name"]) == [{"id": one, "name": "Lib 1"}, {"id": two, "name": "Lib 2"}]
    assert partners.write([one], {"city": "Gent"}) is True
    assert partners.search([["city", "=", "Gent"], ["id", "in", [one, two]]]) == [one]
    assert partners.search_read(domain=[["id", "=", one]], fields=["city"]) == [{"id": one, "city": "Gent"}]
    assert partners.unlink(ids=[two]) is True
    with pytest.raises(ValueError, match=r"Unexpected status code 404: .*the model 'no\.such\.model' does not exist"):
        connection.get_model("no.such.model").search(domain=[])
    wrong = odoolib.get_connection(
        hostname=latest.host, port=latest.port, protocol="json2", database=latest.db, password="wrong"
    )
    assert wrong.check_login() is False
