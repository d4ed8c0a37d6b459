"""The sample calls of the document of muk_rest in Python, in its order, against $ODOO_URL (profile odoo-11.0).

The server needs the fixture `sale` for the report.  The databases `rest`, `rest_old` and `rest_new` are made and
dropped on the way.
"""

from __future__ import annotations

import io
import os
import zipfile

import requests

url, db = os.environ["ODOO_URL"], os.environ["ODOO_DB"]
login, password = os.environ["ODOO_LOGIN"], os.environ["ODOO_PASSWORD"]
browser = requests.Session()  # its cookie says which of several databases is meant


def ajax(verb: str, path: str, /, status: int = 200, files: dict | None = None, **data: object) -> requests.Response:
    """What `$.ajax` sends: the data of a GET in the query, others as a form."""
    where = "params" if verb == "GET" else "data"
    answer = browser.request(verb, url + path, files=files, timeout=60, **{where: data})
    assert answer.status_code == status, answer.text
    return answer


def value(verb: str, path: str, /, **data: object) -> object:
    answer = ajax(verb, path, **data)
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    return answer.json()


def error(status: int, verb: str, path: str, /, **data: object) -> str:
    answer = ajax(verb, path, status=status, **data)
    assert set(answer.json()) == {"error"}
    return answer.json()["error"]


# version
assert value("GET", "/api") == {
    "api_version": 1,
    "server_serie": "11.0",
    "server_version": "11.0",
    "server_version_info": [11, 0, 0, "final", 0, ""],
}

# change master password: the document names POST as the verb, and its sample says GET
assert value("POST", "/api/change_master_password", password_new="pw") is True
assert error(404, "GET", "/api/change_master_password", password_new="pw") == "unknown_command"

# database list
listed = value("GET", "/api/database/list")
assert db in listed["databases"]
assert listed["incompatible_databases"] == []

# database create; the master password may be left out everywhere
admin = {"admin_login": "admin", "admin_password": "admin"}
assert value("POST", "/api/database/create", database_name="rest", **admin) is True

# database duplicate
value("POST", "/api/database/create", database_name="rest_old", **admin)
assert value("POST", "/api/database/duplicate", database_old="rest_old", database_new="rest_new") is True

# database drop
assert value("POST", "/api/database/drop", database_name="rest") is True
assert value("GET", "/api/database/list")["databases"] == sorted([db, "rest_new", "rest_old"])

# database backup
value("POST", "/api/database/create", database_name="rest", demo="true", **admin)
file = ajax("POST", "/api/database/backup", database_name="rest")
assert file.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''rest_")
assert zipfile.ZipFile(io.BytesIO(file.content)).testzip() is None

# database restore
value("POST", "/api/database/drop", database_name="rest")
assert value("POST", "/api/database/restore", database_name="rest", files={"backup_file": file.content}) is True

# authentication
assert list(value("POST", "/api/authenticate", db=db, login=login, password=password)) == ["token"]
credentials = {"db": "rest", "login": "admin", "password": "admin"}
answer = value("POST", "/api/authenticate", **credentials)
assert list(answer) == ["token"]
token = answer["token"]
assert error(404, "POST", "/api/authenticate", **{**credentials, "db": "nowhere"}) == "invalid_db"
assert error(401, "POST", "/api/authenticate", **{**credentials, "password": "wrong"}) == "invalid_login"
assert error(400, "POST", "/api/authenticate", db="rest", login="admin") == "arguments_missing ['password']"

# life
assert 3500 < value("GET", "/api/life", token=token) <= 3600
assert 3500 < value("GET", f"/api/life/{token}") <= 3600
assert error(403, "GET", "/api/life", token="...") == "token_invalid"
assert error(400, "GET", "/api/life") == "arguments_missing ['token']"

# refresh, close
assert value("POST", "/api/refresh", token=token) is True
assert value("POST", "/api/close", token=token) is True
assert error(403, "GET", "/api/life", token=token) == "token_invalid"
token = value("POST", "/api/authenticate", **credentials)["token"]

# search: every field that the document prints, a relation as a pair or an empty list
PRINTED = """
    __last_update active bank_ids barcode category_id child_ids city color comment commercial_company_name
    commercial_partner_country_id commercial_partner_id company_id company_name company_type contact_address country_id
    create_date create_uid credit_limit customer date display_name email email_formatted employee function id image
    image_medium image_small industry_id is_company lang mobile name parent_id parent_name partner_share phone ref self
    state_id street street2 supplier title type tz tz_offset user_id user_ids vat website write_date write_uid zip
""".split()  # noqa: SIM905
[company] = value("GET", "/api/search", token=token, model="res.partner", domain='[["id", "=", 1]]')
assert set(PRINTED) <= set(company)
assert company["commercial_partner_id"] == company["self"] == [1, company["name"]]
assert company["parent_id"] == company["title"] == company["bank_ids"] == []
assert company["image"] is company["barcode"] is False
assert (company["credit_limit"], company["color"], company["is_company"]) == (0.0, 0, True)
for path in ("/res.partner", "/res.partner/1", "/res.partner/1/10", "/res.partner/1/10/0"):
    assert value("GET", f"/api/search{path}", token=token, domain='[["id", "=", 1]]') == [company]

# read
found = value("GET", "/api/read", token=token, model="res.partner", domain='[["id", "=", 1]]', fields='["name"]')
assert found == [{"id": 1, "name": company["name"]}]

# create
[partner] = value("POST", "/api/create", token=token, values='{"name": "MuK IT"}')
assert set(PRINTED) <= set(partner)
assert partner["name"] == partner["display_name"] == "MuK IT"
assert partner["commercial_partner_id"] == partner["self"] == [partner["id"], "MuK IT"]
assert partner["active"] is partner["customer"] is True
assert partner["supplier"] is partner["is_company"] is False
assert (partner["company_type"], partner["type"], partner["lang"]) == ("person", "contact", "en_US")
assert partner["create_uid"] == partner["write_uid"] == [1, "Administrator"]
assert partner["create_date"] == partner["write_date"] == partner["__last_update"]
assert partner["country_id"] == partner["category_id"] == partner["child_ids"] == []
assert partner["street"] is partner["phone"] is partner["zip"] is False

# write
assert value("PUT", "/api/write", token=token, values='{"name": "MuK IT"}', ids="[1]") is True

# unlink: the document deletes contact 1, which every server keeps for its company; here the one made above
assert value("DELETE", "/api/unlink", token=token, ids=f"[{partner['id']}]") is True
assert "res_company" in error(400, "DELETE", "/api/unlink", token=token, ids="[1]")

# call
[copy] = value("POST", "/api/call", token=token, method="copy", ids="[1]")
assert set(PRINTED) <= set(copy)
assert copy["name"] == "MuK IT (copy)"
assert copy["commercial_partner_id"] == copy["self"] == [copy["id"], "MuK IT (copy)"]
assert copy["email"] == company["email"]

# report
sent = {"report": "sale.action_report_saleorder", "model": "sale.order", "ids": "[1]"}
file = ajax("GET", "/api/report", token=token, **sent)
assert file.headers["Content-Type"] == "application/pdf"
assert file.content.startswith(b"%PDF")
assert ajax("GET", "/api/report", token=token, type="html", **sent).headers["Content-Type"].startswith("text/html")

# binary: attachment 1 of the document; a new database has none before this one
values = '{"name": "hello.txt", "datas_fname": "hello.txt", "datas": "SGVsbG8="}'
[attachment] = value("POST", "/api/create", token=token, model="ir.attachment", values=values)
file = ajax("GET", "/api/binary", token=token, id=attachment["id"])
assert file.content == b"Hello"
assert file.headers["Content-Disposition"] == "attachment; filename*=UTF-8''hello.txt"
assert error(403, "GET", "/api/binary", id=attachment["id"]) == "token_invalid"

for name in ("rest", "rest_old", "rest_new"):
    value("POST", "/api/database/drop", database_name=name)
print("every call of the document was answered as printed")
