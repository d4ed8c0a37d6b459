#!/bin/sh
# The calls of CloudOffix's CloudConnect document with curl, in its order, against $ODOO_URL (profile cloudoffix-11.0).
set -eu

post() { # path, body
    curl --silent --show-error --noproxy '*' --max-time 30 -H 'Content-Type: application/json' -d "$2" "$ODOO_URL$1"
}

authenticate() { # password
    post /web/session/authenticate \
        "{\"params\": {\"login\": \"$ODOO_LOGIN\", \"password\": \"$1\", \"db\": \"$ODOO_DB\"}}"
}

execute() { # the arguments after the password, as JSON
    post /jsonrpc "{\"jsonrpc\": \"2.0\", \"method\": \"call\", \"params\": {\"service\": \"object\",
        \"method\": \"execute\", \"args\": [\"$ODOO_DB\", $uid, \"$ODOO_PASSWORD\", $1]}}"
}

expect() { # pattern, answer
    printf '%s' "$2" | grep -Eq -e "$1" || { printf 'expected %s in %s\n' "$1" "$2" >&2; exit 1; }
}

number() { # the result of an answer, an integer
    printf '%s' "$1" | sed -n 's/.*"result": *\([0-9][0-9]*\).*/\1/p'
}

# authentication; a failed one answers too
session=$(authenticate "$ODOO_PASSWORD")
uid=$(printf '%s' "$session" | sed -n 's/.*"session_id": *"[^"]*", *"uid": *\([0-9]*\).*/\1/p')
expect '^[1-9][0-9]*$' "$uid"
for name in is_system is_superuser user_context db server_version name username company_id partner_id user_companies \
    currencies web.base.url mfa_login_needed is_saas_client expiration_datetime trial background_css; do
    expect "\"$name\":" "$session"
done
expect '"server_version_info": *\[11, 0, 0, "final", 0, ""\]' "$session"
expect '"uid": *false' "$(authenticate "$ODOO_PASSWORD?")"

# read: [] stands for all fields
partner=$(execute '"res.partner", "read", [1], []')
for name in activity_ids credit_limit customer supplier employee image opt_out debit_limit contract_ids firstname \
    lastname tax_office_id is_email_address_valid website_url property_product_pricelist __last_update; do
    expect "\"$name\":" "$partner"
done

# create: two to be found
expect '"result": *[0-9]+\}' "$(execute '"res.partner", "create", {"name": "John Doe"}')"
expect '"result": *[0-9]+\}' "$(execute '"res.partner", "create", {"name": "John Farewell"}')"

# search_read: filter, fields, offset, limit, order
found=$(execute '"res.partner", "search_read", [["name", "ilike", "john"]], ["name", "create_date"], 0, 0,
    "create_date DESC"')
expect '"name": *"John Doe"' "$found"
expect '"create_date": *"[0-9]{4}-[0-9]{2}-[0-9]{2} ' "$found"

# search: filter, offset, limit, order, count; the document's sample passes them to search_read
for method in search_read search; do
    expect '"result": *2\}' \
        "$(execute "\"res.partner\", \"$method\", [[\"name\", \"ilike\", \"john\"]], 0, 0, \"create_date DESC\", true")"
done

# create, write, unlink
id=$(number "$(execute '"res.partner", "create", {"name": "John Doe"}')")
expect '"result": *true' "$(execute "\"res.partner\", \"write\", [$id], {\"email\": \"john.doe@cloudoffix.com\"}")"
expect '"email": *"john.doe@cloudoffix.com"' "$(execute "\"res.partner\", \"read\", [$id], [\"email\"]")"
expect '"result": *true' "$(execute "\"res.partner\", \"unlink\", [$id]")"
expect '"result": *\[\]' "$(execute "\"res.partner\", \"search\", [[\"id\", \"=\", $id]]")"

echo "every call of the document was answered as printed"
