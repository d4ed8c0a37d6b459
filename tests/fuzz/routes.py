"""Requests to any route of the server with parameters that more or less fit: sessions, REST, files, reports, pages."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from tests.dialects.wire import DB, LOGIN, PASSWORD
from tests.fuzz.sent import FORM, JSON, Sent
from tests.fuzz.target import Target
from tests.fuzz.values import CONTEXT_KEYS, NAMES, TEXTS, Values

_ARGUMENT = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
_VERBS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND")
_NUMBERS = ("1", "2", "0", "-1", "999999", "9" * 25, "1.5", "x", "")
_LONG = ("[" * 5_000, "(" * 90, '{"a":' * 300 + "1" + "}" * 300, "1," * 2_000, "9" * 4_000, "a" * 20_000)
_MODELS = ("res.partner", "res.users", "sale.order", "product.product", "ir.attachment", "no.model", "account.move")
# what a parameter of this name may hold
_GOOD: dict[str, tuple[Any, ...]] = {
    "model": _MODELS, "id": _NUMBERS, "limit": _NUMBERS, "offset": _NUMBERS, "page": _NUMBERS, "page_size": _NUMBERS,
    "width": _NUMBERS, "height": _NUMBERS, "docids": ("1", "1,2", "0", "x"), "field": ("name", "image_128", "datas",
    "raw", "x"),
    "fields": ('["name"]', "[]", '"name"', "[[]]"), "ids": ("[1]", "3", "[999999]", '["a"]', "[]"), "db": (DB, "no",
    ""),
    "domain": ('[["id", "=", 1]]', "[]", '[["x"]]', '["|"]'), "filter": ('[["id", "=", 1]]', "[]", '{"a": 1}'),
    "filters": ("[('id', '=', 1)]", "[]", "['|']", "__import__('os')"), "order": ("name", "name desc", "x y", "id,"),
    "query": ("{id, name}", "{*}", "{-name}", "{child_ids{id}}", "{", "{" * 900), "method": ("search", "copy", "_x",
    "write"),
    "values": ('{"name": "x"}', "{}", "[]", '{"country_id": "x"}'), "args": ("[]", "[[]]", "[1]", "{}"),
    "kwargs": ("{}", "[]"),
    "context": ("{}", '{"lang": "xx"}', "[1]", "1"), "function": ("search_count", "read", "copy", "_read"),
    "login": (LOGIN, "x"),
    "username": (LOGIN, "x"), "password": (PASSWORD, "x"), "report": ("base.report_irmodeloverview",
    "sale.report_saleorder", "x"),
    "reportname": ("base.report_irmodeloverview", "sale.report_saleorder", "account.report_invoice", "x"),
    "converter": ("pdf", "html", "text", "x"), "xmlid": ("base.main_partner", "x", "base."), "token": ("x",),
    "database_name": ("a1", DB), "backup_format": ("zip", "x"), "csrf_token": ("CSRF-TOKEN", "x"),
    "redirect": ("/web", "//x"),
    "ufile": ("x",), "service": ("common", "object", "db", "x"), "function_": ("x",), "action_id": ("1",
    "base.action_res_users"),
}  # fmt: skip
# a database is made with these, which takes seconds
_BUILDS = ("create", "restore")
_WITHOUT = frozenset({"master_password", "master_pwd"})  # of the parameters there, so that nothing is made


def route(values: Values, target: Target) -> Sent:
    """Return a request to a route."""
    rules = list(target.app._map.iter_rules())
    rule = values.random.choice(rules)
    _, declared = target.app._routes[rule.endpoint]
    verbs = sorted(declared.methods or ("GET", "POST")) if values.chance(0.85) else _VERBS
    path = _ARGUMENT.sub(lambda match: _argument(values, match[1]), rule.rule)
    builds = path.endswith(_BUILDS) and "database" in path
    query = _parameters(values, 2, builds) if values.chance(0.4) else {}
    body, media = _body(values, builds)
    login = values.pick("session", "session", "muk", "flectra", "key", "")
    headers = {values.pick("Range", "If-None-Match", "Authorization", "X-Odoo-Database", "Cookie", "Origin",
    "Accept-Language"):
               _header(values)} if values.chance(0.15) else {}  # fmt: skip
    return Sent(path, values.pick(*verbs), urlencode(query, errors="surrogatepass"), headers, media, body, login)


def _header(values: Values) -> str:
    text = values.pick("bytes=0-1", "bytes=x", "*", "Bearer x", "Basic eDp5", DB, "session_id=x", "http://x", *TEXTS)
    return "".join(char for char in str(text) if 31 < ord(char) < 256)


def _argument(values: Values, name: str) -> str:
    if values.spoilt():
        return str(values.pick(*TEXTS, *_NUMBERS, "a" * 2000)) or "x"
    if name == "model" and values.chance(0.5):
        return str(values.random.choice(list(values.database.registry)))
    return str(values.pick(*_GOOD.get(name, ("1", "x", "base", "a.b"))))


def _parameters(values: Values, most: int, builds: bool) -> dict[str, str]:
    names = (
        *_GOOD,
        *NAMES,
        *CONTEXT_KEYS[:4],
        "name",
        "data",
        "count",
        "master_pwd",
        "master_password",
        "copy",
        "type",
        "params",
    )
    made = {}
    for _ in range(values.random.randrange(1, most + 4)):
        name = values.random.choice(names)
        if not (builds and name in _WITHOUT):
            made[name] = _text(values, name)
    return made


def _text(values: Values, name: str) -> str:
    if name in _GOOD and not values.spoilt():
        return str(values.pick(*_GOOD[name]))
    return str(values.pick(values.pick(*_LONG), json.dumps(values.hostile()), repr(values.hostile()), *TEXTS))


def _body(values: Values, builds: bool) -> tuple[dict[str, Any], str]:
    kind = values.random.randrange(8)
    if kind < 2:
        return {"form": {"csrf_token": "CSRF-TOKEN", **_parameters(values, 4, builds)}}, FORM
    if kind < 5:
        params = {name: _structured(values, name) for name in _parameters(values, 4, builds)}
        return {"json": {"jsonrpc": "2.0", "id": 1, "params": params}}, JSON
    if kind == 5:
        return {"json": values.hostile()}, JSON
    if kind == 6:
        part = (
            f'Content-Disposition: form-data; name="{values.pick("ufile", "backup_file", "x")}"; filename="x"\r\n\r\n'
        )
        return {
            "text": f"--b\r\n{part}{values.text()}\r\n--{values.pick('b--', '')}"
        }, "multipart/form-data; boundary=b"
    return {}, values.pick("", JSON, FORM)


def _structured(values: Values, name: str) -> Any:
    text = _text(values, name)
    if values.chance(0.5):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            pass
    return values.hostile() if values.spoilt() else text
