"""Which REST add-on answers.  Source: rest-collisions §4."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.dialects.rest.placement import UnknownFlavour, flavours
from mockserver.profiles import PROFILES
from mockserver.server.app import create_app
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
    assert flavours(None, PROFILES[profile]) == (natural,)
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
    assert flavours(chosen, PROFILES["odoo-17.0"]) == served


def test_an_unknown_one_is_told_with_the_nearest() -> None:
    known = "known: muk_rest, flectra_rest, odoo_rest_api; none, all"
    with pytest.raises(UnknownFlavour, match=rf"unknown REST flavour 'muk'; did you mean muk_rest\? \({known}\)"):
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
            return requests.get(server.url + "/muk_rest/api", timeout=60).status_code

        @pytest.mark.mockserver(rest=["muk_rest", "odoo_rest_api"])
        def test_marker(mockserver):
            assert status(mockserver) == 200

        @pytest.mark.mockserver(rest="none")
        def test_none(mockserver):
            assert requests.get(mockserver.url + "/api", timeout=60).status_code == 404

        def test_option(mockserver, mockserver_factory):
            assert status(mockserver) == 200
            assert status(mockserver_factory(rest="flectra_rest")) == 404
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "--mockserver-rest", "muk_rest").assert_outcomes(passed=3)
    pytester.makeini("[pytest]\nmockserver_rest = muk_rest")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=3)
