"""The calls of CloudOffix's CloudConnect document, in its order, against $ODOO_URL (profile cloudoffix-11.0)."""

from __future__ import annotations

import json
import os
import urllib.request

url, db = os.environ["ODOO_URL"], os.environ["ODOO_DB"]
login, password = os.environ["ODOO_LOGIN"], os.environ["ODOO_PASSWORD"]


def post(path: str, body: dict) -> object:
    request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    assert set(answer) == {"jsonrpc", "id", "result"}, answer
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", None)
    return answer["result"]


def authenticate(secret: str) -> dict:
    return post("/web/session/authenticate", {"params": {"login": login, "password": secret, "db": db}})


def execute(*arguments: object) -> object:
    params = {"service": "object", "method": "execute", "args": [db, uid, password, *arguments]}
    return post("/jsonrpc", {"jsonrpc": "2.0", "method": "call", "params": params})


# authentication; a failed one answers too
SESSION = """
    session_id uid is_system is_superuser user_context db server_version server_version_info name username company_id
    partner_id user_companies currencies web.base.url mfa_login_needed is_saas_client expiration_datetime trial
    background_css
"""
session = authenticate(password)
assert set(session) == set(SESSION.split())
assert len(session["session_id"]) == 40
assert set(session["user_context"]) == {"lang", "tz", "uid"}
assert (session["server_version"], session["server_version_info"]) == ("11.0", [11, 0, 0, "final", 0, ""])
assert (session["db"], session["username"], session["user_companies"]) == (db, login, False)
assert session["currencies"]
assert all(set(currency) == {"symbol", "position", "digits"} for currency in session["currencies"].values())
assert (session["mfa_login_needed"], session["background_css"]) == (None, False)
assert (session["is_saas_client"], session["expiration_datetime"], session["trial"]) == ("yes", 35, "False")
assert authenticate(password + "?")["uid"] is False
uid = session["uid"]

# read: [] stands for all fields.  The kinds are those that the sample shows; an empty value of any but a
# number, a boolean and a list is false
KINDS: dict[str, str] = {
    "id": """
        id color message_bounce message_unread_counter message_needaction_counter contracts_count journal_item_count
        bank_account_count payment_token_count sale_order_count
    """,
    "number": "credit_limit debit_limit partner_latitude partner_longitude credit debit total_invoiced",
    "boolean": """
        active customer supplier employee is_company partner_share opt_out website_published message_is_follower
        message_unread message_needaction has_unreconciled_entries signup_valid
    """,
    "list": """
        activity_ids child_ids bank_ids category_id user_ids message_follower_ids message_ids channel_ids
        website_message_ids ref_company_ids invoice_ids contract_ids payment_token_ids sale_order_ids
        message_partner_ids message_channel_ids
    """,
    "pair": """
        title parent_id user_id state_id country_id industry_id company_id commercial_partner_id
        commercial_partner_country_id team_id tax_office_id create_uid write_uid activity_user_id activity_type_id
        self currency_id property_account_payable_id property_account_receivable_id property_account_position_id
        property_payment_term_id property_supplier_payment_term_id property_product_pricelist
    """,
    "text": """
        activity_date_deadline display_name date ref lang tz vat website comment barcode function type street street2
        zip city phone mobile commercial_company_name company_name image image_small message_last_post
        last_time_entries_checked invoice_warn invoice_warn_msg signup_token signup_type signup_expiration
        calendar_last_notif_ack sale_warn sale_warn_msg website_meta_title website_meta_description
        website_meta_keywords website_description website_short_description date_localization is_email_address_valid
        email_validation_result email firstname lastname name create_date write_date activity_state activity_summary
        parent_name tz_offset email_formatted company_type contact_address im_status trust signup_url website_url
        __last_update
    """,
}


def kind(value: object) -> str:
    if isinstance(value, list):
        return "pair" if [type(part) for part in value] == [int, str] else "list"
    return {bool: "boolean", int: "id", float: "number", str: "text"}[type(value)]


[partner] = execute("res.partner", "read", [1], [])
for expected, names in KINDS.items():
    for name in names.split():
        empty = partner[name] is False and expected in ("pair", "text")
        assert empty or kind(partner[name]) == expected, f"{name} is {partner[name]!r}, not a {expected}"
assert (partner["id"], partner["self"], partner["is_company"]) == (1, [1, partner["display_name"]], True)

# create: two to be found
for name in ("John Doe", "John Farewell"):
    assert type(execute("res.partner", "create", {"name": name})) is int

# search_read: filter, fields, offset, limit, order
johns = [["name", "ilike", "john"]]
records = execute("res.partner", "search_read", johns, ["name", "create_date"], 0, 0, "create_date DESC")
assert sorted(record["name"] for record in records) == ["John Doe", "John Farewell"]
assert all(set(record) == {"id", "name", "create_date"} for record in records)
both = ["&", ["name", "ilike", "john"], ["write_date", ">", "2021-01-01"]]
assert len(execute("res.partner", "search_read", both, [], 0, 1, "create_date DESC")) == 1

# search: filter, offset, limit, order, count; the document's sample passes them to search_read
assert execute("res.partner", "search_read", johns, 0, 0, "create_date DESC", True) == 2
assert execute("res.partner", "search", johns, 0, 0, "create_date DESC", True) == 2
ids = execute("res.partner", "search", johns, 0, 0, "create_date DESC")
assert sorted(ids) == sorted(record["id"] for record in records)

# create, write, unlink
partner_id = execute("res.partner", "create", {"name": "John Doe"})
assert type(partner_id) is int
assert execute("res.partner", "write", [partner_id], {"email": "john.doe@cloudoffix.com"}) is True
assert execute("res.partner", "read", [partner_id], ["email"]) == [
    {"id": partner_id, "email": "john.doe@cloudoffix.com"}
]
assert execute("res.partner", "unlink", [partner_id]) is True
assert execute("res.partner", "search", [["id", "=", partner_id]]) == []

print("every call of the document was answered as printed")
