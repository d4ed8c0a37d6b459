"""One story over one state: what is made, changed and deleted over any of the seven dialects, all others see."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from mockserver.server.app import App, create_app
from tests.dialects.wire import DB, JSON, KEY, LOGIN, PASSWORD, Answer, Wire, call

FORM = "application/x-www-form-urlencoded"
MODEL, FIELDS = "res.partner", ["name", "email", "country_id", "is_company"]
FRANCE, BELGIUM = 75, 20
Record = dict[str, Any]


class Rpc:
    """`execute_kw` over XML-RPC or JSON-RPC, or the web client's `call_kw`."""

    def __init__(self, app: App, dialect: str) -> None:
        self.wire, self.dialect = Wire(app), dialect

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        return call(self.wire, self.dialect, MODEL, method, list(args), kwargs)

    def create(self, values: Record) -> int:
        made = self._call("create", values)
        return int(made[0] if isinstance(made, list) else made)  # JSON-2 gives a list

    def read(self, id_: int) -> Record | None:
        rows = self._call("search_read", [["id", "=", id_]], FIELDS)
        return _flat(rows[0]) if rows else None

    def write(self, id_: int, values: Record) -> None:
        assert self._call("write", [id_], values) is True

    def delete(self, id_: int) -> None:
        assert self._call("unlink", [id_]) is True


class Json2(Rpc):
    """JSON-2: named arguments."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "json2")

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        names = {
            "create": ["vals_list"],
            "write": ["ids", "vals"],
            "unlink": ["ids"],
            "search_read": ["domain", "fields"],
        }
        answer = self.wire.json2(MODEL, method, dict(zip(names[method], args, strict=True)))
        assert answer.status == 200, answer.body
        return answer.json()


class Rest:
    """What the three add-ons have in common: `prefix` is where one is mounted apart from the others."""

    def __init__(self, app: App, prefix: str) -> None:
        self.wire, self.prefix = Wire(app), prefix
        self.login()

    def login(self) -> None:
        raise NotImplementedError

    def send(
        self, method: str, path: str, body: str = "", content_type: str = FORM, query: str = "", **environ: Any
    ) -> Answer:
        return self.wire.http(method, self.prefix + path, body, content_type, QUERY_STRING=query, **environ)

    def value(self, answer: Answer) -> Any:
        assert answer.status == 200, answer.body
        return answer.json()


class Muk(Rest):
    """muk_rest: a token parameter, JSON inside parameters."""

    def login(self) -> None:
        form = urlencode({"db": DB, "login": LOGIN, "password": PASSWORD})
        self.token = self.value(self.send("POST", "/api/authenticate", form))["token"]

    def _ask(self, method: str, path: str, **fields: Any) -> Any:
        given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()}
        return self.value(self.send(method, path, urlencode({"token": self.token, "model": MODEL, **given})))

    def create(self, values: Record) -> int:
        return int(self._ask("POST", "/api/create", values=values)[0]["id"])

    def read(self, id_: int) -> Record | None:
        rows = self._ask("GET", "/api/read", domain=[["id", "=", id_]], fields=FIELDS)
        return _flat(rows[0]) if rows else None

    def write(self, id_: int, values: Record) -> None:
        assert self._ask("PUT", "/api/write", ids=[id_], values=values) is True

    def delete(self, id_: int) -> None:
        assert self._ask("DELETE", "/api/unlink", ids=[id_]) is True


class Flectra(Rest):
    """flectra_rest: a token header, values as the fields of a form."""

    def login(self) -> None:
        form = urlencode({"db": DB, "username": LOGIN, "password": PASSWORD})
        self.token = self.value(self.send("POST", "/api/auth/get_tokens", form))["access_token"]

    def _ask(self, method: str, path: str, values: Record | None = None) -> Answer:
        # of a boolean only the empty text is false there
        form = {key: "" if value is False else value for key, value in (values or {}).items()}
        return self.send(method, path, urlencode(form), HTTP_ACCESS_TOKEN=self.token)

    def create(self, values: Record) -> int:
        return int(self.value(self._ask("POST", f"/api/{MODEL}", values))["id"])

    def read(self, id_: int) -> Record | None:
        answer = self._ask("GET", f"/api/{MODEL}/{id_}", {"field": FIELDS})
        return None if answer.status == 404 else _flat(self.value(answer)[0])

    def write(self, id_: int, values: Record) -> None:
        assert self.value(self._ask("PUT", f"/api/{MODEL}/{id_}", values))["update"] is True

    def delete(self, id_: int) -> None:
        assert self.value(self._ask("DELETE", f"/api/{MODEL}/{id_}"))["delete"] is True


class Yezy(Rest):
    """odoo_rest_api: a session cookie, JSON bodies, the query language."""

    def login(self) -> None:
        body = {"params": {"db": DB, "login": LOGIN, "password": PASSWORD}}
        answer = self.send("POST", "/auth/", json.dumps(body), JSON)
        assert self.value(answer)["result"]["uid"] == self.wire.uid
        self.wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def _write(self, method: str, path: str, values: Record) -> Any:
        return self.value(self.send(method, path, json.dumps({"params": {"data": values}}), JSON))["result"]

    def create(self, values: Record) -> int:
        return int(self._write("POST", f"/api/{MODEL}/", values))

    def read(self, id_: int) -> Record | None:
        query = urlencode({"query": f"{{id, {', '.join(FIELDS)}}}", "filter": json.dumps([["id", "=", id_]])})
        rows = self.value(self.send("GET", f"/api/{MODEL}/", content_type="", query=query))["result"]
        return _flat(rows[0]) if rows else None

    def write(self, id_: int, values: Record) -> None:
        assert self._write("PUT", f"/api/{MODEL}/{id_}/", values) is True

    def delete(self, id_: int) -> None:
        assert self.value(self.send("DELETE", f"/api/{MODEL}/{id_}/", content_type="")) == {"result": True}


def _flat(row: Record) -> Record:
    """The record with the bare id of its many2one, which only one dialect gives."""
    country = row["country_id"]
    return {name: row[name] for name in FIELDS} | {"country_id": country[0] if isinstance(country, list) else country}


def _drivers(app: App, own_prefixes: bool) -> dict[str, Any]:
    rest = {"muk_rest": Muk, "flectra_rest": Flectra, "odoo_rest_api": Yezy}
    return {
        **{name: Rpc(app, name) for name in ("xmlrpc 2", "jsonrpc", "web")},
        "json2": Json2(app),
        **{name: driver(app, f"/{name}" if own_prefixes else "") for name, driver in rest.items()},
    }


NAMES = ("xmlrpc 2", "jsonrpc", "web", "json2", "muk_rest", "flectra_rest", "odoo_rest_api")


@pytest.fixture(scope="module")
def _shared() -> tuple[App, Any]:
    app = create_app(profile="odoo-19.0", rest="all", api_key=KEY)
    return app, app.snapshot()


@pytest.fixture
def served(_shared: tuple[App, Any]) -> App:
    app, start = _shared
    app.restore(start)
    return app


@pytest.mark.parametrize("own_prefixes", [True, False], ids=["own prefix", "natural path"])
@pytest.mark.parametrize("acting", NAMES)
def test_every_dialect_sees_what_one_does(served: App, acting: str, own_prefixes: bool) -> None:
    drivers = _drivers(served, own_prefixes)
    actor = drivers[acting]

    def seen(id_: int) -> list[Record | None]:
        return [drivers[name].read(id_) for name in NAMES]

    made = {"name": "Grüße & Co ✓", "email": "a@b.example", "country_id": FRANCE, "is_company": True}
    id_ = actor.create(made)
    assert seen(id_) == [made] * len(NAMES)

    actor.write(id_, {"name": "Renamed", "country_id": BELGIUM})
    assert seen(id_) == [{**made, "name": "Renamed", "country_id": BELGIUM}] * len(NAMES)

    actor.delete(id_)
    assert seen(id_) == [None] * len(NAMES)


def test_every_dialect_does_a_part_of_one_record_s_life(served: App) -> None:
    drivers = _drivers(served, own_prefixes=False)
    id_ = drivers[NAMES[0]].create({"name": "0", "country_id": BELGIUM, "email": "x@y", "is_company": False})
    for turn, name in enumerate(NAMES):
        drivers[name].write(id_, {"name": f"{turn} by {name}"})
        assert {read.read(id_)["name"] for read in drivers.values()} == {f"{turn} by {name}"}
    drivers[NAMES[-1]].delete(id_)
    assert [driver.read(id_) for driver in drivers.values()] == [None] * len(NAMES)
