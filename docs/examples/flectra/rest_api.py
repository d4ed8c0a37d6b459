"""The calls of Flectra's REST API document, in its order, against $ODOO_URL (a server with `rest_api`)."""

from __future__ import annotations

import os

import requests

server_url, db = os.environ["ODOO_URL"], os.environ["ODOO_DB"]

# create token
db_config = {"username": os.environ["ODOO_LOGIN"], "password": os.environ["ODOO_PASSWORD"], "db": db}
answer = requests.post(url=server_url + "/api/auth/get_tokens", data=db_config, timeout=10)
assert answer.status_code == 200, answer.text
login = answer.json()
assert set(login) == {"company_id", "user_context", "access_token", "expires_in", "uid"}
assert login["company_id"] == 1
assert login["user_context"]["lang"] == "en_US"
assert login["user_context"]["uid"] == login["uid"]
assert login["expires_in"] == "600"
assert len(login["access_token"]) == 30
assert login["access_token"].isalnum()
header = {"access_token": login["access_token"]}

# create record
url = server_url + "/api/res.partner"
data = {"name": "FlectraHQ", "email": "example@flectrahq.com", "website": "www.flectrahq.com"}
answer = requests.post(url=url, data=data, headers=header, timeout=10)
assert answer.status_code == 200, answer.text
assert set(answer.json()) == {"id"}
partner = answer.json()["id"]
assert type(partner) is int

# get data: a single record
fields = {"field": "['name', 'email']"}
answer = requests.get(url=url + "/1", data=fields, headers=header, timeout=10)
assert answer.status_code == 200, answer.text
[company] = answer.json()
assert set(company) == {"email", "name", "id"}
assert (company["id"], company["email"]) == (1, "info@yourcompany.example.com")
answer = requests.get(url=f"{url}/{partner}", data=fields, headers=header, timeout=10)
assert answer.json() == [{"id": partner, "name": "FlectraHQ", "email": "example@flectrahq.com"}]

# get data: multiple records
page = {"limit": 3, "field": "['name', 'email']", "order": "name desc"}
answer = requests.get(url=url, data=page, headers=header, timeout=10)
assert answer.status_code == 200, answer.text
found = answer.json()
assert set(found) == {"count", "results"}
assert found["count"] == len(found["results"]) == 3
assert all(set(record) == {"email", "id", "name"} for record in found["results"])
names = [record["name"] for record in found["results"]]
assert names == sorted(names, key=str.lower, reverse=True)

# the other parameters that the document lists
filters = {"filters": "[('name', 'like', 'Flectra'), ('id', '>', 1)]", "field": "['name']", "offset": "0"}
answer = requests.get(url=url, data=filters, headers=header, timeout=10)
assert {"id": partner, "name": "FlectraHQ"} in answer.json()["results"]
answer = requests.get(url=url, data={**page, "offset": 3}, headers=header, timeout=10)
assert not {record["id"] for record in answer.json()["results"]} & {record["id"] for record in found["results"]}

# update record
changed = {"name": "FlectraHQ", "email": "info@flectrahq.com", "website": "www.flectrahq.com", "id": partner}
answer = requests.put(url=url, data=changed, headers=header, timeout=10)
assert answer.status_code == 200, answer.text
assert answer.json() == {"desc": "Record Updated successfully!", "update": True}
answer = requests.get(url=f"{url}/{partner}", data=fields, headers=header, timeout=10)
assert answer.json() == [{"id": partner, "name": "FlectraHQ", "email": "info@flectrahq.com"}]

# delete record
answer = requests.delete(url=url, data={"id": partner}, headers=header, timeout=10)
assert answer.status_code == 200, answer.text
assert answer.json() == {"desc": "Record Successfully Deleted!", "delete": True}
assert requests.get(url=f"{url}/{partner}", headers=header, timeout=10).status_code == 404

# how to enable a model: its mark "REST API", here by the API itself
model = {"filters": "[('model', '=', 'oauth.access_token')]", "field": "['rest_api']"}
[flag] = requests.get(url=server_url + "/api/ir.model", data=model, headers=header, timeout=10).json()["results"]
assert flag["rest_api"] is False
assert requests.get(url=server_url + "/api/oauth.access_token", headers=header, timeout=10).status_code == 404
answer = requests.put(f"{server_url}/api/ir.model/{flag['id']}", data={"rest_api": True}, headers=header, timeout=10)
assert answer.json()["update"] is True
assert requests.get(url=server_url + "/api/oauth.access_token", headers=header, timeout=10).status_code == 200
requests.put(f"{server_url}/api/ir.model/{flag['id']}", data={"rest_api": ""}, headers=header, timeout=10)

# delete token
answer = requests.post(url=server_url + "/api/auth/delete_tokens", headers=header, timeout=10)
assert answer.status_code == 200, answer.text
assert answer.json() == {"desc": "Token Successfully Deleted", "delete": True}
assert requests.get(url=url, headers=header, timeout=10).status_code == 401

print("every call of the document was answered as printed")
