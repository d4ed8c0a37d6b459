"""The calls of the PUT document of odoo-rest-api, in its order, against $ODOO_URL (fixture related_products.json)."""

from __future__ import annotations

import os
import xmlrpc.client
from typing import Any

import requests

url, db = os.environ["ODOO_URL"], os.environ["ODOO_DB"]
login, password = os.environ["ODOO_LOGIN"], os.environ["ODOO_PASSWORD"]
before, after = [20, 37, 45, 55], [20, 37, 102, 30]

# the last call deletes a product that another call deletes too: it gets a copy of the database
with xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/db") as databases:
    databases.duplicate_database(os.environ.get("ODOO_MASTER_PASSWORD", "admin"), db, f"{db}-copy")


def logged_in(name: str) -> requests.Session:
    """A session on a database; the cookie that it keeps is the whole authentication."""
    session = requests.Session()
    answer = session.post(f"{url}/auth/", json={"params": {"login": login, "password": password, "db": name}})
    assert answer.json()["result"]["username"] == login
    return session


def put(session: requests.Session, path: str, params: dict[str, Any]) -> object:
    """The result of a PUT, in the envelope that the document prints."""
    answer = session.put(url + path, json={"params": params})
    assert answer.headers["Content-Type"].startswith("application/json")
    envelope = answer.json()
    assert envelope == {"jsonrpc": "2.0", "id": None, "result": envelope["result"]}
    return envelope["result"]


def product(session: requests.Session, query: str) -> dict[str, object]:
    """Fields of the product 95."""
    answer = session.get(f"{url}/api/product.template/95", params={"query": query})
    found: dict[str, object] = answer.json()
    return found


api = logged_in(db)

# model records: data and filter
assert put(api, "/api/product.template/", {"filter": [["id", "=", 95]], "data": {"name": "Test product"}}) is True
assert product(api, "{id, name}") == {"id": 95, "name": "Test product"}

# "if false or otherwise it means there was an error during the update"
assert put(api, "/api/product.template/", {"filter": [["id", "=", 95]], "data": {"type": "nonsense"}}) is False

# context
context = {"lang": "en_US", "tz": "Europe/Brussels"}
values = {"name": "Test product", "default_code": "TEST"}
asked = {"context": context, "filter": [["id", "=", 95]], "data": values}
assert put(api, "/api/product.template/", asked) is True
assert product(api, "{name, default_code}") == values

# operation: push, pop and delete
related = {"push": [102, 30], "pop": [45], "delete": [55]}
assert product(api, "{related_product_ids}") == {"related_product_ids": before}
asked = {"filter": [["id", "=", 95]], "data": {"related_product_ids": related}}
assert put(api, "/api/product.template/", asked) is True
assert product(api, "{related_product_ids}") == {"related_product_ids": after}
left = api.get(f"{url}/api/product.template/", params={"query": "{id}", "filter": '[["id", "in", [45, 55]]]'}).json()
assert left["result"] == [{"id": 45}], "what is popped stays, what is deleted goes"

# "you can use one operation or two or all three at a time"
assert put(api, "/api/product.template/95/", {"data": {"related_product_ids": {"push": [45]}}}) is True
assert product(api, "{related_product_ids}") == {"related_product_ids": [20, 37, 45, 102, 30]}
assert put(api, "/api/product.template/95/", {"data": {"related_product_ids": {"push": [45], "pop": [20]}}}) is True
assert product(api, "{related_product_ids}") == {"related_product_ids": [37, 45, 102, 30]}

# "existing values will be replaced by new values passed"
assert put(api, "/api/product.template/95/", {"data": {"related_product_ids": [20]}}) is True
assert product(api, "{related_product_ids}") == {"related_product_ids": [20]}

# model record: the same without a filter
api = logged_in(f"{db}-copy")
assert product(api, "{related_product_ids}") == {"related_product_ids": before}
assert put(api, "/api/product.template/95/", {"data": {"related_product_ids": related}}) is True
assert product(api, "{related_product_ids}") == {"related_product_ids": after}

print("every call of the document was answered as printed")
