"""Which REST add-on answers.  Source: rest-collisions §4."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver import HttpError, MockServer
from mockserver.dialects import Reply, Request, Route
from mockserver.dialects.rest import registry
from mockserver.dialects.rest.dialect import Evidence, RestDialect
from mockserver.dialects.rest.registry import UnknownFlavour
from mockserver.profiles import PROFILES
from mockserver.server.app import create_app
from mockserver.services import Call
from tests.dialects.wire import DB, JSON, LOGIN, PASSWORD, Answer, Wire

FORM = "application/x-www-form-urlencoded"
MUK, FLECTRA, YEZY = "muk_rest", "flectra_rest", "odoo_rest_api"


def answered_by(answer: Answer) -> str:
    """The add-on whose marks an answer bears."""
    kind, text = answer.headers.get("Content-Type", ""), answer.body.decode()
    if kind == "application/json;charset=utf-8":
        return MUK
    if "error_descrip" in text or "access_token" in text:
        return FLECTRA
    if answer.status == 303 or "jsonrpc" in text or "total_pages" in text:
        return YEZY
    return f"{answer.status} {text[:80]}"


@pytest.fixture(scope="module")
def several() -> Wire:
    return Wire(create_app(profile="odoo-17.0", rest="all"))


@pytest.mark.parametrize(
    ("profile", "natural"),
    [
        ("odoo-11.0", MUK),
        ("cloudoffix-11.0", MUK),
        ("flectra-1.6", FLECTRA),
        ("flectra-2.0", FLECTRA),
        ("odoo-12.0", YEZY),
        ("odoo-19.0", YEZY),
    ],
)
def test_a_profile_has_its_natural_one(profile: str, natural: str) -> None:
    assert [dialect.name for dialect in registry.select(None, PROFILES[profile])] == [natural]
    assert answered_by(Wire(create_app(profile=profile)).http("GET", "/api/res.partner")) == natural


@pytest.mark.parametrize(
    ("chosen", "served"),
    [
        ("none", ()),
        ((), ()),
        (["none"], ()),
        ("muk_rest", (MUK,)),
        (["flectra_rest", "muk_rest", "flectra_rest"], (FLECTRA, MUK)),
        ("all", (YEZY, MUK, FLECTRA)),
    ],
)
def test_another_several_or_none_can_be_chosen(chosen: Any, served: tuple[str, ...]) -> None:
    assert tuple(dialect.name for dialect in registry.select(chosen, PROFILES["odoo-17.0"])) == served


def test_every_profile_has_one_that_there_is() -> None:
    assert {profile.rest_flavour for profile in PROFILES.values()} <= set(registry.names())


def test_the_documentation_lists_them_all() -> None:
    text = Path(__file__).parents[2].joinpath("docs", "rest.md").read_text("utf-8")
    listed = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `") and " | `" in line]
    assert [name for name in listed if not name.startswith("/")][: len(registry.DIALECTS)] == registry.names()


def test_an_unknown_one_is_told_with_the_nearest() -> None:
    known = "known: muk_rest, flectra_rest, odoo_rest_api; none, all"
    with pytest.raises(UnknownFlavour, match=rf"unknown REST add-on 'muk'; did you mean muk_rest\? \({known}\)"):
        MockServer(rest="muk")


def test_without_any_there_is_nothing_below_api() -> None:
    wire = Wire(create_app(rest="none"))
    for path in ("/api", "/api/res.partner", "/muk_rest/api", "/auth/"):
        assert wire.http("GET", path).status == 404


@pytest.mark.parametrize("name", [MUK, FLECTRA, YEZY])
def test_each_has_its_own_prefix_where_nothing_collides(several: Wire, name: str) -> None:
    assert answered_by(several.http("GET", f"/{name}/api/res.partner")) == name


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "headers", "name"),
    [
        ("POST", "/auth/", "{}", JSON, {}, YEZY),
        ("POST", "/object/res.partner/search", "{}", JSON, {}, YEZY),
        ("POST", "/api/auth/get_tokens", "", FORM, {}, FLECTRA),
        ("GET", "/api", "", "", {}, MUK),
        ("GET", "/api/search", "", "", {}, MUK),
        ("GET", "/api/write", "", "", {}, MUK),  # with any verb
        ("GET", "/api/binary/5", "", "", {}, MUK),
        ("GET", "/api/res.partner", "", "", {"HTTP_ACCESS_TOKEN": "x"}, FLECTRA),
        ("POST", "/api/res.partner", "{}", JSON, {"HTTP_ACCESS_TOKEN": ""}, FLECTRA),
        ("POST", "/api/res.partner", "{}", JSON, {}, YEZY),
        ("GET", "/api/res.partner/1/image_1920", "", "", {}, YEZY),
        ("PUT", "/api/res.partner/1", "name=x", FORM, {}, FLECTRA),
        ("GET", "/api/res.partner", "", "", {"QUERY_STRING": "field=['name']"}, FLECTRA),
        ("GET", "/api/res.partner", "", "", {"QUERY_STRING": "page_size=3"}, YEZY),
        ("GET", "/api/res.partner", "", "", {}, YEZY),  # nothing tells: the first of those chosen
    ],
)
def test_with_several_the_request_tells(
    several: Wire, method: str, path: str, body: str, kind: str, headers: dict[str, str], name: str
) -> None:
    answer = several.http(method, path, body, kind, **headers)
    expected = {"jsonrpc": "2.0", "id": None}
    if name == FLECTRA and kind == JSON:  # the framework's answer to JSON, which bears no mark of the add-on
        assert answer.json().items() >= expected.items()
        assert answer.json()["error"]["data"]["message"].startswith("400")
    else:
        assert answered_by(answer) == name


def test_of_two_signs_of_the_same_kind_the_first_add_on_counts() -> None:
    both = {"QUERY_STRING": "field=['name']&page_size=3"}
    for chosen in ([FLECTRA, YEZY], [YEZY, FLECTRA]):
        assert answered_by(Wire(create_app(rest=chosen)).http("GET", "/api/res.partner", **both)) == chosen[0]


class Tiny(RestDialect):
    """An add-on of a test's own: it says which model a path is about."""

    name = "tiny_rest"
    roots = ("api", "tiny")
    routes = (Route("/api/<model>", "told"), Route("/tiny/<model>", "told"))

    def recognises(self, request: Request) -> Evidence:
        return Evidence.HEADER if "HTTP_X_TINY" in request.environ else super().recognises(request)

    def parse(self, request: Request) -> Call:
        return Call(self.name, "rest", "told", (request.arguments["model"],))

    def perform(self, request: Request, call: Call) -> Any:
        return call.args[0]

    def render(self, request: Request, value: Any) -> Reply:
        return Reply("200 OK", "text/plain", f"tiny {value}".encode())


@pytest.mark.parametrize("chosen", ["all", "tiny_rest", ["muk_rest", "tiny_rest"]])
def test_a_new_one_is_a_class_and_a_line_in_the_registry(monkeypatch: pytest.MonkeyPatch, chosen: Any) -> None:
    monkeypatch.setattr(registry, "DIALECTS", (*registry.DIALECTS, Tiny))
    wire = Wire(create_app(rest=chosen))
    for path in ("/api/res.partner", "/tiny/res.partner", "/tiny_rest/api/res.partner"):
        assert wire.http("GET", path, HTTP_X_TINY="1").body == b"tiny res.partner"
    others = {"all": YEZY, "tiny_rest": "200 tiny res.partner"}
    assert answered_by(wire.http("GET", "/api/res.partner")) == others.get(str(chosen), MUK)


def test_a_new_one_can_be_aimed_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "DIALECTS", (*registry.DIALECTS, Tiny))
    odoo = MockServer(rest="tiny_rest")
    armed = odoo.faults.add(HttpError(503), dialect="tiny_rest")
    assert Wire(odoo.app).http("GET", "/tiny/res.partner").status == 503
    assert armed.hits == 1


def test_a_session_of_its_own_login_leads_to_the_one_that_made_it() -> None:
    wire = Wire(create_app(rest=["muk_rest", "odoo_rest_api"]))
    assert answered_by(wire.http("GET", "/api/res.partner")) == MUK
    login = {"params": {"db": DB, "login": LOGIN, "password": PASSWORD}}
    wire.cookie = wire.http("POST", "/auth/", json.dumps(login), JSON).headers["Set-Cookie"].partition(";")[0]
    assert answered_by(wire.http("GET", "/api/res.partner")) == YEZY


def test_a_redirect_leads_to_the_path_that_the_client_knows() -> None:
    wire = Wire(create_app(rest="odoo_rest_api"))
    answer = wire.http("GET", "/api//res.partner")
    assert answer.status == 308
    assert answer.headers["Location"].endswith("/api/res.partner")
    assert "odoo_rest_api" not in answer.headers["Location"]


def test_the_fixture_takes_the_choice_from_marker_option_and_ini_file(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest, requests

        def status(server):
            return requests.get(server.url + "/muk_rest/api", timeout=10).status_code

        @pytest.mark.mockserver(rest=["muk_rest", "odoo_rest_api"])
        def test_marker(mockserver):
            assert status(mockserver) == 200

        @pytest.mark.mockserver(rest="none")
        def test_none(mockserver):
            assert requests.get(mockserver.url + "/api", timeout=10).status_code == 404

        def test_option(mockserver, mockserver_factory):
            assert status(mockserver) == 200
            assert status(mockserver_factory(rest="flectra_rest")) == 404
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "--mockserver-rest", "muk_rest").assert_outcomes(passed=3)
    pytester.makeini("[pytest]\nmockserver_rest = muk_rest")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=3)
