"""What the steps of a contract can say: other users, values known only at run time, sessions, masks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.contract.arguments import Arguments, names_in
from mockserver.contract.checks import ContractError
from mockserver.contract.format import parse
from mockserver.contract.http_steps import CookieJars, multipart, part
from mockserver.contract.labels import Labels
from mockserver.contract.live.client import Client
from mockserver.contract.live.connection import Answer, Connection
from mockserver.contract.masks import in_order, masked
from mockserver.contract.moments import relative
from mockserver.contract.pictures import described
from mockserver.contract.replay import Replay
from mockserver.contract.shaping import Shaper
from mockserver.contract.steps import Masks, Outcome
from mockserver.contract.verify import fresh, verify
from mockserver.orm.fields.pictures import grey_png
from tests.test_contract_format import valid

NOW = datetime(2026, 3, 11, 10, 30)
ANN = {"ann": {"login": "ann", "password": "her-own-secret"}}
PAIR = {"login": "ann", "password": "her-own-secret"}

Step = dict[str, Any]


def call(model: str, method: str, *args: Any, expect: Any = None, **more: Any) -> Step:
    outcome = expect if isinstance(expect, dict) else {"result": expect}
    return {"call": {"model": model, "method": method, "args": list(args)}, **more, "expect": outcome}


def differing(*steps: Step, **top: Any) -> list[Outcome]:
    """The outcomes that are not as expected, on a fresh mock."""
    data = {"profile": "odoo-17.0", **top, "steps": list(steps)}
    assert valid(data)
    contract = parse(data, "mine.json")
    with fresh(contract) as (client, name):
        return [verdict.got for verdict in verify(client, contract, name).failures]


NEW_USER = call("res.users", "create", {"name": "Ann", **PAIR}, expect="<new>", shape="created", **{"as": "ann"})


def test_a_step_is_made_as_another_user() -> None:
    assert not differing(
        NEW_USER,
        call("res.users", "search", [["login", "=", "ann"]], expect=["ann"], shape="ids:res.users"),
        call("res.users", "context_get", user="ann", expect={"result": {"lang": "en_US", "tz": False, "uid": "ann"}})
        | {"ids": {"uid": "res.users"}},
        call("res.partner", "search_count", [["user_ids.login", "=", "ann"]], expect=1, user="ann", via="xmlrpc"),
        {"service": {"name": "common", "method": "login", "args": ["{db}", "{login}", "{password}"]}, "user": "ann",
         "shape": "id:res.users", "expect": {"result": "ann"}},
        call("res.users", "context_get", user="ann", via="web", pick=["uid"], ids={"uid": "res.users"},
             expect={"result": {"uid": "ann"}}),
        users=ANN,
    )  # fmt: skip


def test_a_user_who_may_not_log_in_is_refused_by_the_server() -> None:
    refused = call("res.partner", "search_count", [["id", "=", 1]], user="ann", expect={"error": {"code": 200}})
    refused["ignore"] = ["error.name", "error.message", "error.text"]
    again = {**refused, "relogin": True, "ignore": [], "expect": {"result": 1}}
    assert not differing(refused, NEW_USER, refused, again, users=ANN)


def test_values_that_are_known_only_at_run_time() -> None:
    labels = Labels()
    labels.bind("anna", "res.partner", 7)
    fill: Callable[[Any], Any] = Arguments(labels, {"token": "t", "count": 3}, lambda: NOW).fill
    assert fill([{"$ref": "anna"}, {"a": {"$var": "count"}}]) == [7, {"a": 3}]
    assert fill({"$fmt": "res.partner,{anna}/{token}"}) == "res.partner,7/t"
    assert fill({"$keys": {"{anna}": {"$ref": "anna"}, "x": 1}}) == {"7": 7, "x": 1}
    assert fill([{"$today": 0}, {"$today": -11}, {"$today": 1, "at": "08:00:00"}]) == [
        "2026-03-11", "2026-02-28", "2026-03-12 08:00:00",
    ]  # fmt: skip
    assert fill({"$now": -11}) == "2026-03-10 23:30:00"
    assert (fill({"$bin": "YWI="}).data, fill({"$dt": "20240102T03:04:05"}).value) == (b"ab", "20240102T03:04:05")
    assert fill({"$ref": "anna", "more": 1}) == {"$ref": "anna", "more": 1}
    for unbound in ({"$ref": "token"}, {"$var": "anna"}, {"$fmt": "{nobody}"}):
        with pytest.raises(KeyError):
            fill(unbound)
    assert names_in([{"$keys": {"{a}": {"$ref": "b"}}}, {"$fmt": "{c}-{d}"}, {"$var": "e"}, "{f}"]) == set("abcde")


def test_saved_and_bound_values_are_sent_later() -> None:
    us, names = [["code", "=", "US"]], ["display_name", "currency_id"]
    named = [["name", "=", {"$var": "name"}], ["id", "=", {"$ref": "new"}]]
    assert not differing(
        {
            **call("res.country", "search_read", us, names, expect="list", shape="type"),
            "save": {"name": ["json", "0.display_name"], "missing": ["json", "0.nothing", "none"]},
            "bind": {"us": "0.id", "usd": ["0.currency_id.0", "res.currency"]},
        },
        call("res.partner", "create", {"name": {"$var": "name"}, "country_id": {"$ref": "us"}}, expect="new")
        | {"as": "new", "shape": "id:res.partner"},
        call("res.partner", "search_count", named, expect=1),
        call("res.currency", "search", [["id", "=", {"$ref": "usd"}]], expect=["usd"], shape="ids:res.currency"),
        call("res.partner", "read", [{"$ref": "new"}], expect=[{"country_id": ["us", "United States"]}])
        | {"shape": "records:res.partner", "pick": ["country_id"]},
        fields={"res.partner": {"country_id": {"type": "many2one", "relation": "res.country"}}},
    )


LOGIN = {"db": "{db}", "login": "{login}", "password": "{password}"}


def test_web_steps_share_a_session() -> None:
    route = "/web/dataset/call_kw"
    create = {"model": "res.partner", "method": "create", "args": [{"name": "{user}"}], "kwargs": {}}
    assert not differing(
        {
            "web": {"session": "a", "path": "/web/session/authenticate", "params": LOGIN},
            "keep": ["result.db", "result.<type>"],
            "save": {"user": ["json", "result.username"]},
            "expect": {"status": 200, "result.db": "{db}", "result.<type>": "dict"},
        },
        {
            "web": {"session": "a", "path": route, "params": create, "model": "res.partner"},
            "shape": "id:res.partner",
            "as": "new",
            "expect": {"result": "new"},
        },
        call("res.partner", "search_count", [["id", "=", {"$ref": "new"}], ["name", "=", "admin"]], expect=1),
        {"web": {"path": "/no/such/route"}, "expect": {"status": 404, "type": "text/html"}},
    )


class Told(Connection):
    """A connection whose server answers with a page and a cookie, and that remembers what was sent."""

    def __init__(self) -> None:
        super().__init__("http://mockserver.test")
        self.sent: list[tuple[str, dict[str, str], bytes | None]] = []

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        self.sent.append((f"{method} {path}", dict(headers), body))
        page = b'<input name="csrf" value="t&k=1">'
        return Answer(200, "text/html", page, {}, [("Set-Cookie", "session_id=abc; Path=/")])


def test_forms_are_sent_as_a_browser_does() -> None:
    page = {"method": "GET", "path": "/web/login?db={db}", "session": "a", "want": ["has:csrf", "len"]}
    form = {"method": "POST", "path": "/web/login", "session": "a", "form": {"login": "{login}", "csrf": "{csrf}"}}
    steps = [
        {"http": page, "save": {"csrf": ["re", 'value="([^"]+)"'], "sid": ["cookie", "session_id"]}, "expect": {}},
        {"http": form, "expect": {}},
        {"http": {"method": "GET", "path": "/x", "headers": {"X-Sid": "{sid}"}}, "expect": {}},
    ]
    connection = Told()
    client = Client(connection.url, "mock", "admin", "admin", connection=connection)
    first, *_ = Replay(client, parse({"steps": steps}, "mine.json")).outcomes()
    assert first == {"status": 200, "type": "text/html", "has:csrf": True, "len": 33}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert connection.sent == [
        ("GET /web/login?db=mock", {}, None),
        ("POST /web/login", {"Cookie": "session_id=abc", **kind}, b"login=admin&csrf=t%26k%3D1"),
        ("GET /x", {"X-Sid": "abc"}, None),
    ]


def test_a_form_with_a_file() -> None:
    body, kind = multipart([["id", "7"], ["file", "a.txt", "text/plain", "YWI="]])
    boundary = kind.removeprefix("multipart/form-data; boundary=")
    parts = body.decode().split(f"--{boundary}")
    assert parts[1:] == [
        '\r\nContent-Disposition: form-data; name="id"\r\n\r\n7\r\n',
        '\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nab\r\n',
        "--\r\n",
    ]


def test_parts_of_an_answer() -> None:
    headers = {"location": "https://erp.example.com/web?db=mock", "content-type": "text/plain"}
    pairs = [("Set-Cookie", "a=1; Path=/; HttpOnly"), ("Set-Cookie", "b=; Max-Age=0")]
    answer = Answer(200, "text/plain", b"in mock", headers, pairs)
    wanted = ["text", "len", "sha1", "image", "has:mock", "location", "header:Location", "headers:Allow,Content-Type"]
    found = dict(part(answer, name, "mock") for name in (*wanted, "cookies"))
    assert found == {
        "text": "in {db}",
        "len": 7,
        "sha1": "f2853f53733f1b7557d63abccdd0a73732da9438",
        "image": None,
        "has:mock": True,
        "location": "/web?db={db}",
        "header:Location": "https://erp.example.com/web?db=mock",
        "headers": {"Allow": None, "Content-Type": "text/plain"},
        "cookies": [["a", "<set>", ["httponly", "path"]], ["b", "", ["max-age"]]],
    }
    jars = CookieJars()
    jars.keep("one", answer)
    assert (jars.header("one"), jars.header("two"), jars.header("")) == ({"Cookie": "a=1"}, {}, {})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (grey_png(9, 5), "png 9x5"),
        (b"GIF89a\x03\x00\x02\x00", "gif 3x2"),
        (b"RIFF\0\0\0\0WEBP", "webp"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "svg"),
        (b"<?xml version='1.0'?><html/>", None),
        (b"\x89PNG", None),
    ],
)
def test_kind_and_size_of_a_picture(content: bytes, told: str | None) -> None:
    assert described(content) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-11", "<today>"),
        ("2026-02-28", "<today-11>"),
        ("2027-03-11", "<today+365>"),
        ("2031-01-01", "2031-01-01"),
        ("2026-03-11 12:29:59", "<now>"),
        ("2026-03-12 09:00:00", "<now+1d>"),
        ("2026-03-12 23:59:59.5", "<today+1> 23:59:59"),
        ("2026-02-30", "2026-02-30"),
        ("11/03/2026", "11/03/2026"),
    ],
)
def test_dates_are_told_by_their_distance(text: str, told: str) -> None:
    assert relative(text, NOW) == told


def test_masks_change_single_fields() -> None:
    labels = Labels()
    labels.bind("anna", "res.partner", 7)
    record = {"who": 7, "due": "2026-03-12", "key": "secret", "none": False, "lines": [{"n": 1, "m": 2}, {"m": 3}]}
    masks = Masks({"who": "res.partner"}, ("due", "none"), ("key", "none"))
    assert masked([record], masks, labels, NOW) == [{**record, "who": "anna", "due": "<today+1>", "key": "<masked>"}]
    assert masked(record, Masks(pick=("who", "lines.n", "no.such")), labels, NOW) == {
        "who": 7, "lines.n": [1, "<absent>"], "no.such": "<absent>",
    }  # fmt: skip
    assert masked("no record", masks, labels, NOW) == "no record"
    of_keys = Masks(id_keys={"stars": "res.partner", "none": "res.partner"})
    assert masked({"stars": {"7": 1}, "none": False}, of_keys, labels, NOW) == {"stars": {"anna": 1}, "none": False}
    assert in_order([3, "a", 1], True) == ["a", 1, 3]
    assert in_order({"tags": [2, 1], "steps": [2, 1]}, ("tags",)) == {"tags": [1, 2], "steps": [2, 1]}


@pytest.mark.parametrize(
    ("shape", "value", "told"),
    [
        ("web:res.partner", {"length": 1, "records": [{"id": 7, "country_id": {"id": 7, "code": "BE"}}]},
         {"length": 1, "records": [{"id": "anna", "country_id": {"id": "be", "code": "BE"}}]}),
        ("web:res.partner", [{"country_id": 8, "write_date": "2026-01-01 00:00:00"}],
         [{"country_id": "#?", "write_date": "<datetime>"}]),
        ("record:res.partner", {"child_ids": [[6, 0, [7, 8]], [4, 7], [0, 0, {"x": 1}], [5]]},
         {"child_ids": [[6, 0, ["anna", "#?"]], [4, "anna"], [0, 0, {"x": 1}], [5]]}),
        ("groupsets:res.partner", [[{"country_id": [7, "B"], "id:array_agg": [7], "__extra_domain": [["id", "=", 7]]}]],
         [[{"country_id": ["be", "B"], "id:array_agg": ["anna"], "__extra_domain": [["id", "=", "anna"]]}]]),
        ("action", {"type": "t", "res_model": "res.partner", "res_id": 7, "domain": [["id", "in", [7]]], "context": {}},
         {"type": "t", "res_model": "res.partner", "res_id": "anna"}),
        ("action:domain", {"res_model": "res.partner", "res_id": 0, "domain": [["id", "in", [7]]]},
         {"res_model": "res.partner", "domain": [["id", "in", ["anna"]]]}),
        ("action:res_id", {"res_id": False, "params": {"message": "Done"}}, {"res_id": False, "message": "Done"}),
        ("xref", ["res.groups", 9], ["res.groups", "#"]),
        ("len", "four", "str of 4"),
        ("keys", {"b": 1, "a": 2}, ["a", "b"]),
        ("subkeys", {"x": {"b": 1, "a": 2}, "y": [1]}, {"x": ["a", "b"], "y": "list"}),
        ("fieldkeys:type,store", {"x": {"type": "char"}}, {"x": {"type": "char", "store": "<absent>"}}),
        ("viewkeys", {"models": {"m": 1}, "views": {"form": {"arch": "<form/>", "toolbar": {"print": []}}}},
         {"keys": ["models", "views"], "models": ["m"], "views": {"form": {
             "keys": ["arch", "toolbar"], "model": None, "toolbar": ["print"], "filters": False, "root": "form"}}}),
        ("translations", [[{"source": "b", "lang": "x"}, {"source": "a", "lang": "x"}], {}],
         [[{"source": "a", "lang": "x"}, {"source": "b", "lang": "x"}], {}]),
    ],
)  # fmt: skip
def test_shapes(shape: str, value: Any, told: Any) -> None:
    labels = Labels()
    labels.bind("anna", "res.partner", 7)
    labels.bind("be", "res.country", 7)
    country = {"type": "many2one", "relation": "res.country"}
    children = {"type": "one2many", "relation": "res.partner"}
    shaper = Shaper({"res.partner": {"country_id": country, "child_ids": children}}, labels)
    assert shaper.result(value, shape) == told
    assert shaper.result("another type", shape) in ("another type", "str of 12")


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"default_ids": [[4, 7]], "active_id": 7, "mode": "a", "more": 1},
         {"default_ids": [[4, "anna"]], "active_id": "anna", "mode": "a", "none": "<absent>"}),
        ("{'mode': 'a'}", "<text>"),
        (False, False),
    ],
)  # fmt: skip
def test_the_context_of_an_action_is_compared_in_part(context: Any, told: Any) -> None:
    labels = Labels()
    labels.bind("anna", "res.partner", 7)
    keys = {"default_ids": "res.partner", "active_id": "res.partner", "mode": None, "none": None}
    shaper = Shaper({}, labels, Masks(context=keys))
    assert shaper.result({"type": "t", "context": context}, "action") == {"type": "t", "context": told}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"user": "bob"}, "'users' has no 'bob'"),
        ({"save": {"a": ["xml", "b"]}}, "'save': a: a value comes from json, re, header, cookie, not 'xml'"),
        ({"save": {"a": "b"}}, "'save' is an object, name to [source, path or name], not an object"),
        ({"bind": {"a": ["b"]}}, "'bind' is an object, name to path, or to [path, model], not an object"),
        ({"context": {"a": 1}}, "'context' is an object, name to model or null, not an object"),
        ({"hide": "a"}, "'hide' is a list of texts, not a text"),
        ({"sort": 1}, "'sort' is true, or a list of fields, not a number"),
        ({"http": {"method": "GET", "path": "/", "want": ["colour"]}}, "http: 'want': there is no part 'colour'"),
        ({"http": {"method": "GET", "path": "/", "multipart": [["a"]]}}, "http: 'multipart' is a list of [name, text]"),
        ({"web": {"session": "a"}}, "web: 'path' is missing"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_told(change: Step, told: str) -> None:
    step = {
        "expect": {},
        **({} if {"http", "web"} & change.keys() else {"call": {"model": "m", "method": "f"}}),
        **change,
    }
    with pytest.raises(ContractError) as caught:
        parse({"steps": [step], "users": ANN}, "mine.json")
    assert str(caught.value).startswith(f"mine.json: step 1: {told}")
    if "user" not in change:
        assert not valid({"steps": [step]})


def test_wrong_users_are_told() -> None:
    with pytest.raises(ContractError, match="'users': ann: 'password' is missing"):
        parse({"steps": [], "users": {"ann": {"login": "ann"}}}, "mine.json")


def test_calls_of_other_users_have_no_key_for_json2() -> None:
    contract = parse({"steps": [NEW_USER, call("res.partner", "search_count", user="ann")], "users": ANN}, "mine.json")
    with MockServer(profile="odoo-19.0") as server:
        client = Client(server.url, server.db, server.login, server.password, server.api_key, "json2")
        with client:
            got = verify(client, contract, "x", via="json2").verdicts[1].got
    assert got == {"failed": "there is no API key of 'ann', which JSON-2 needs"}
