"""The calls of Flectra's external API document in Python, in its order, against $ODOO_URL (profile flectra-2.0)."""

from __future__ import annotations

import os
import xmlrpc.client

url, db = os.environ["ODOO_URL"], os.environ["ODOO_DB"]
username, password = os.environ["ODOO_LOGIN"], os.environ["ODOO_PASSWORD"]
key = os.environ.get("ODOO_API_KEY")


def server(path: str) -> xmlrpc.client.ServerProxy:
    return xmlrpc.client.ServerProxy(url + path)


# demo: a test database of one's own
with server("/start") as demo:
    info = demo.start()
assert sorted(info) == ["database", "host", "password", "user"]
with server("/xmlrpc/2/common") as common:
    assert common.authenticate(info["database"], info["user"], info["password"], {}), "the test database is closed"

    # logging in
    assert common.version() == {
        "server_version": "13.0",
        "server_version_info": [13, 0, 0, "final", 0],
        "server_serie": "13.0",
        "protocol_version": 1,
    }
    uid = common.authenticate(db, username, password, {})
    assert isinstance(uid, int)
    assert uid > 0
    if key:
        assert common.authenticate(db, username, key, {}) == uid, "an API key stands for the password"

models = server("/xmlrpc/2/object")


def call(*arguments: object) -> object:
    return models.execute_kw(db, uid, key or password, *arguments)


# calling methods
assert call("res.partner", "check_access_rights", ["read"], {"raise_exception": False}) is True

# listing, pages, counting
companies = [[["is_company", "=", True]]]
found = call("res.partner", "search", companies)
assert found
assert all(type(id_) is int for id_ in found)
assert call("res.partner", "search", companies, {"offset": 10, "limit": 5}) == found[10:15]
assert call("res.partner", "search_count", companies) == len(found)

# reading
ids = call("res.partner", "search", companies, {"limit": 1})
assert ids == found[:1]
[record] = call("res.partner", "read", [ids])
assert len(record) > 100  # the document counts 121, which depends on the modules
[record] = call("res.partner", "read", [ids], {"fields": ["name", "country_id", "comment"]})
assert set(record) == {"id", "name", "country_id", "comment"}
assert record["id"] == ids[0]
assert record["country_id"] is False or [type(part) for part in record["country_id"]] == [int, str]

# fields
fields = call("res.partner", "fields_get", [], {"attributes": ["string", "help", "type"]})
assert fields["ean13"] == {"type": "char", "help": "BarCode", "string": "EAN13"}
position = fields["property_account_position_id"]
assert (position["type"], position["string"]) == ("many2one", "Fiscal Position")
assert position["help"]  # in words of the server's own
assert fields["signup_valid"] == {"type": "boolean", "help": "", "string": "Signup Token is Valid"}
assert fields["date_localization"] == {"type": "date", "help": "", "string": "Geo Localization Date"}
assert fields["ref_company_ids"] == {"type": "one2many", "help": "", "string": "Companies that refers to partner"}
assert fields["sale_order_count"] == {"type": "integer", "help": "", "string": "# of Sales Order"}
assert fields["purchase_order_count"] == {"type": "integer", "help": "", "string": "# of Purchase Order"}

# search and read
records = call("res.partner", "search_read", companies, {"fields": ["name", "country_id", "comment"], "limit": 5})
assert [record["id"] for record in records] == found[:5]
assert all(set(record) == {"id", "name", "country_id", "comment"} for record in records)

# creating, updating, deleting
partner = call("res.partner", "create", [{"name": "New Partner"}])
assert type(partner) is int
assert call("res.partner", "write", [[partner], {"name": "Newer partner"}]) is True
assert call("res.partner", "name_get", [[partner]]) == [[partner, "Newer partner"]]
assert call("res.partner", "unlink", [[partner]]) is True
assert call("res.partner", "search", [[["id", "=", partner]]]) == []

# ir.model: a custom model begins with the built-in fields alone
call("ir.model", "create", [{"name": "Custom Model", "model": "x_custom_model", "state": "manual"}])
fields = call("x_custom_model", "fields_get", [], {"attributes": ["string", "help", "type"]})
assert fields == {
    "create_uid": {"type": "many2one", "string": "Created by"},
    "create_date": {"type": "datetime", "string": "Created on"},
    "__last_update": {"type": "datetime", "string": "Last Modified on"},
    "write_uid": {"type": "many2one", "string": "Last Updated by"},
    "write_date": {"type": "datetime", "string": "Last Updated on"},
    "display_name": {"type": "char", "string": "Display Name"},
    "id": {"type": "integer", "string": "Id"},
}

# ir.model.fields: and is used at once, without access rights
model = call("ir.model", "create", [{"name": "Custom Model", "model": "x_custom", "state": "manual"}])
x_name = {"model_id": model, "name": "x_name", "ttype": "char", "state": "manual", "required": True}
call("ir.model.fields", "create", [x_name])
record_id = call("x_custom", "create", [{"x_name": "test record"}])
[record] = call("x_custom", "read", [[record_id]])
dates = {record.pop("create_date"), record.pop("write_date"), record.pop("__last_update")}
assert len(dates) == 1
assert len(dates.pop()) == len("2014-11-12 16:32:13")
author = record.pop("create_uid")
assert author[0] == uid
assert record == {"id": 1, "x_name": "test record", "display_name": "test record", "write_uid": author}

models("close")()
print("every call of the document was answered as printed")
