"""Anything may come in by the routes of the REST add-ons, of files, reports and database pages: each gets an answer.

The routes are those of the app's own map.  Of an HTML 500 the descriptions say where the real server gives one:
on the data routes of flectra_rest and odoo_rest_api, where a value is no literal or a call failed; on those of reports,
where there is none of that name; for an upload without its parameters, and a size of an image that is no number.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlencode

import pytest
from hypothesis import event, given, strategies as st
from werkzeug.exceptions import InternalServerError

from mockserver.errors import DatabaseError, OdooError
from mockserver.server.app import App, create_app
from mockserver.server.exchange import Exchange
from tests.dialects.wire import DB, JSON, LOGIN, PASSWORD, Answer, Wire
from tests.properties.budget import examples
from tests.waiting import CPU_SECONDS

OTHERS = {"xmlrpc", "jsonrpc", "web", "json2", "doc", "start"}  # whose routes have tests of their own
BREAKS_DOWN = {"flectra_rest", "odoo_rest_api", "reports"}
# what a break-down may come of: a value that is no literal, or an error of the call
USUAL = (
    OdooError,
    DatabaseError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    OverflowError,
)
FORM = "application/x-www-form-urlencoded"
ARGUMENT = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")

VERBS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
MODELS = (
    "res.partner",
    "res.country",
    "res.users",
    "ir.attachment",
    "ir.model",
    "no.such.model",
    "res.partner.category",
)
FIELD_NAMES = (
    "name",
    "country_id",
    "category_id",
    "image_128",
    "datas",
    "raw",
    "active",
    "nofield",
    "create_date",
    "id",
)
NUMBERS = ("1", "2", "3", "0", "-1", "999999", "9" * 25, "1.5", "٣", "")
PARAMETERS = (
    "access_token", "admin_login", "admin_password", "args", "backup_format", "context", "converter", "copy", "count",
    "country_code", "data", "database_name", "database_new", "database_old", "db", "demo", "domain",
    "download", "field",
    "fields", "filename", "filename_field", "filter", "filters", "function", "height", "id", "ids", "kwargs", "lang",
    "limit", "login", "master_password", "master_pwd", "master_pwd_new", "method", "mimetype", "model", "name",
    "new_name",
    "offset", "order", "page", "page_size", "params", "password", "password_new", "password_old", "query", "report",
    "session_id", "token", "type", "unique", "username", "values", "width", "xmlid",
)  # fmt: skip
GOOD = {
    "model": MODELS, "id": NUMBERS, "limit": NUMBERS, "offset": NUMBERS, "page": NUMBERS, "page_size": NUMBERS,
    "width": NUMBERS, "height": NUMBERS, "docids": ("1", "1,2", "0", "x"), "field": (*FIELD_NAMES, "['name']", "[1]"),
    "fields": ('["name"]', "[]", '"name"', "[[]]"), "ids": ("[1]", "3", "[999999]", '["a"]', "[]", "[[1]]"),
    "domain": ('[["id", "=", 1]]', "[]", '[["x"]]', '["|"]', '[["name", "ilike", {}]]'),
    "filter": ('[["id", "=", 1]]', "[]", '[["child_ids.name", "=", 1]]', '{"a": 1}'),
    "filters": ("[('id', '=', 1)]", "[]", "[('name', 'in', {1: 2})]", "['|']", "__import__('os')"),
    "query": ("{id, name}", "{*}", "{-name}", "{child_ids{id, category_id{*}}}", "{", "{" * 2000, "{a" * 500),
    "order": ("name", '"name desc"', "name sideways", "id, id", "a" * 3000), "db": (DB, "nosuch", ""),
    "values": ('{"name": "x"}', "{}", "[]", '{"country_id": "x"}', '{"category_id": [[6, 0, [1]]]}', '{"name": {}}'),
    "method": ("search", "name_get", "copy", "unlink", "_x", "__init__", "write"), "args": ("[]", "[[]]", "[1]", "{}"),
    "kwargs": ("{}", '{"x": 1}', "[]"), "context": ("{}", '{"lang": "xx"}', "[1]", "1"), "name": ("x", "mock", "../x"),
    "function": ("search_count", "read", "copy", "nofunction", "_read"), "username": (LOGIN, "x"),
    "login": (LOGIN, "x"),
    "password": (PASSWORD, "x"), "count": ("1", "false"), "report": ("base.report_irmodeloverview", "x.y", "x"),
    "converter": ("pdf", "html", "text", "x"), "xmlid": ("base.main_partner", "x", "base."),
    "database_name": ("a1", DB),
    "master_password": ("admin", "x"), "master_pwd": ("admin", "x"), "token": ("x",), "backup_format": ("zip", "x"),
}  # fmt: skip
HOSTILE = (
    "[" * 50_000, "(" * 90, "{" * 3_000, '{"a":' * 900 + "1" + "}" * 900, "[" * 150 + "]" * 150, "-" * 20_000 + "1",
    "1," * 20_000, "9" * 6_000, "1e999", "NaN", "-Infinity", "9**9**9", "'a'*10**9", "\x00", "\ud800",
    "a\r\nSet-Cookie: x=y",
    "%s%n", "'", '"\\', "\\N{BULLET}", "b'x'", "0x" + "f" * 5_000, "1_0", "lambda: 0", "[x for x in (1,)]",
    "not " * 3_000 + "1",
    "..\\..\\etc", "🦉" * 500, "'" + "a" * 50_000 + "'", "{1: " * 400, "...", "{**{}}", "[*[1]]", "1if 1else 2",
    "'%d' % 1",
)  # fmt: skip

names = st.sampled_from((*MODELS, *FIELD_NAMES, *PARAMETERS))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**6) | st.floats() | names | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
text = st.one_of(
    st.sampled_from(HOSTILE),
    json_values.map(json.dumps),
    json_values.map(repr),
    st.text(max_size=12),
    st.sampled_from(NUMBERS),
)


class Sent(NamedTuple):
    """One request: `route` counts the dialects, and the routes of one, each taken modulo how many there are.

    `own_verb` takes one of the route's verbs instead of `verb`.
    """

    route: tuple[int, int]
    arguments: dict[str, str]
    own_prefix: bool
    verb: str
    own_verb: bool
    query: dict[str, str]
    body: bytes
    content_type: str
    logged_in: bool
    headers: dict[str, str]

    def __repr__(self) -> str:
        """Hypothesis prints it; a hostile value may be long."""
        told = {name: repr(value)[:300] for name, value in self._asdict().items()}
        return f"Sent({', '.join(f'{name}={value}' for name, value in told.items())})"


def value(draw: st.DrawFn, name: str) -> str:
    """Mostly one that makes sense for the name."""
    if name in GOOD and draw(st.integers(0, 3)):
        return draw(st.sampled_from(GOOD[name]))
    return draw(text)


@st.composite
def fields(draw: st.DrawFn) -> dict[str, str]:
    names = draw(st.lists(st.sampled_from((*PARAMETERS, *FIELD_NAMES)), max_size=6, unique=True))
    return {name: value(draw, name) for name in names}


@st.composite
def bodies(draw: st.DrawFn) -> tuple[bytes, str]:
    kind = draw(st.sampled_from(("none", "form", "json", "params", "text", "multipart")))
    if kind == "form":
        return urlencode(draw(fields()), errors="surrogatepass").encode(), FORM
    if kind == "params":
        return json.dumps({"id": 1, "params": {"data": draw(json_values), "filter": draw(json_values)}}).encode(), JSON
    if kind == "multipart":
        part = 'Content-Disposition: form-data; name="{}"; filename="x"\r\n\r\n'
        file = part.format(draw(st.sampled_from(("backup_file", "ufile")))) + draw(text)
        junk = draw(st.booleans())
        return f"--b\r\n{file}\r\n--{'' if junk else 'b--'}".encode(
            "utf-8", "replace"
        ), "multipart/form-data; boundary=b"
    if kind in ("json", "text"):
        return draw(text).encode("utf-8", "replace"), JSON if kind == "json" else "text/plain"
    return b"", draw(st.sampled_from(("", JSON, FORM)))


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    body, content_type = draw(bodies())
    names = ("model", "id", "limit", "offset", "field", "function", "report", "converter", "docids", "xmlid", "token")
    return Sent(
        route=(draw(st.integers(0, 100)), draw(st.integers(0, 1000))),
        arguments={name: value(draw, name) for name in draw(st.lists(st.sampled_from(names), max_size=4))},
        own_prefix=draw(st.booleans()),
        verb=draw(st.sampled_from(VERBS)),
        own_verb=draw(st.integers(0, 3)) > 0,
        query=draw(fields()),
        body=body,
        content_type=content_type,
        logged_in=draw(st.integers(0, 5)) > 0,
        headers=draw(
            st.dictionaries(
                st.sampled_from(("HTTP_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_AUTHORIZATION")),
                st.text(max_size=9),
                max_size=1,
            )
        ),
    )


class Target:
    """One server with all of it, whoever logs in there logged in, and its routes."""

    def __init__(self, profile: str) -> None:
        self.app: App = create_app(profile=profile, rest="all")
        self.wire = Wire(self.app)
        self.seen: list[Exchange] = []
        self.app.observe(self.seen.append)
        self.routes: dict[str, list[tuple[str, list[str]]]] = {}
        for rule in self.app._map.iter_rules():
            dialect, route = self.app._routes[rule.endpoint]
            if dialect.name not in OTHERS:
                verbs = sorted(route.methods or VERBS[:4])
                self.routes.setdefault(dialect.name, []).append((rule.rule, verbs))
        form = {"db": DB, "login": LOGIN, "username": LOGIN, "password": PASSWORD}
        self.muk = self._post("/muk_rest/api/authenticate", form)["token"]
        self.flectra = self._post("/flectra_rest/api/auth/get_tokens", form)["access_token"]
        self.wire.login()
        self.start = self.app.snapshot()

    def _post(self, path: str, form: dict[str, str]) -> Any:
        return self.wire.http("POST", path, urlencode(form), FORM).json()

    def send(self, sent: Sent) -> tuple[str, Answer, float]:
        """The dialect's name, the answer, and the seconds of this thread that it took."""
        self.app.restore(self.start)
        self.seen.clear()
        name = sorted(self.routes)[sent.route[0] % len(self.routes)]
        rule, verbs = self.routes[name][sent.route[1] % len(self.routes[name])]
        verb = verbs[VERBS.index(sent.verb) % len(verbs)] if sent.own_verb else sent.verb
        path = ARGUMENT.sub(lambda match: sent.arguments.get(match.group(1), "1"), rule)
        if not sent.own_prefix:
            path = path.removeprefix(f"/{name}")
        query, headers = dict(sent.query), dict(sent.headers)
        if sent.logged_in:
            query.setdefault("token", self.muk)
            headers["HTTP_ACCESS_TOKEN"] = self.flectra
        else:
            headers["HTTP_COOKIE"] = "session_id=x"
        # WSGI has the bytes of the path as latin-1
        path = unquote(quote(path, errors="replace"), "latin-1")
        text = urlencode(query, errors="surrogatepass")
        started = time.thread_time()
        answer = self.wire.http(verb, path, sent.body, sent.content_type, QUERY_STRING=text, **headers)
        self.verb = verb
        return name, answer, time.thread_time() - started


PROFILES = ("odoo-11.0", "odoo-17.0", "odoo-19.0")


@pytest.fixture(scope="module")
def targets() -> dict[str, Target]:
    return {profile: Target(profile) for profile in PROFILES}


def _check_breakdown(name: str, sent: Sent, target: Target) -> None:
    """An HTML 500 is where a description has one, and no bug of ours is behind it."""
    refusal = target.seen[-1].error
    assert isinstance(refusal, InternalServerError)
    cause = refusal.original_exception
    if cause is None and sent.content_type == JSON and not target.app.profile.rules.json_body_checked:
        return  # JSON that is no object, where the framework does not look
    if name == "muk_rest":  # a login at a database that is not there
        assert isinstance(cause, DatabaseError), cause
    elif name == "files":  # an upload without the parameters that its route asks for; a size that is no number
        assert isinstance(cause, (TypeError, ValueError)), cause
        assert "missing" in str(cause) or "int()" in str(cause) or "integer" in str(cause)
    else:
        assert name in BREAKS_DOWN, cause
        # up to 18.0 a domain that is none is an AssertionError
        assert cause is None or isinstance(cause, USUAL) or str(cause).startswith("Domains to normalize"), cause


@pytest.mark.parametrize("profile", PROFILES)
@examples(100)
@given(sent=requests())
def test_every_request_gets_an_answer_soon(targets: dict[str, Target], profile: str, sent: Sent) -> None:
    target = targets[profile]
    name, answer, seconds = target.send(sent)
    event(f"{name} {answer.status}")
    assert seconds < CPU_SECONDS
    assert all("\n" not in value and "\r" not in value for value in answer.headers.values())
    if answer.status == 500 and answer.media_type == "text/html":
        _check_breakdown(name, sent, target)
    if target.verb != "HEAD" and "json" in answer.media_type:
        answer.json()


def test_every_route_is_among_those_that_are_tried(targets: dict[str, Target]) -> None:
    assert set(targets["odoo-17.0"].routes) == {
        "muk_rest", "flectra_rest", "odoo_rest_api", "database", "files", "reports", "hook",
    }  # fmt: skip
