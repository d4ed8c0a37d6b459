# The calls of Flectra's external API document in Ruby, in its order, against $ODOO_URL (profile flectra-2.0).
# Needs the gem `xmlrpc` (Debian: ruby-xmlrpc).

require "xmlrpc/client"

url, db, username, password = ENV.values_at("ODOO_URL", "ODOO_DB", "ODOO_LOGIN", "ODOO_PASSWORD")
key = ENV["ODOO_API_KEY"]

def check(expected, answer)
  raise "expected #{expected.inspect}, got #{answer.inspect}" unless expected === answer || expected == answer
end

# demo: a test database of one's own
info = XMLRPC::Client.new2("#{url}/start").call("start")
check %w(database host password user), info.keys.sort
common = XMLRPC::Client.new2("#{url}/xmlrpc/2/common")
check Integer, common.call("authenticate", info["database"], info["user"], info["password"], {})

# logging in
check({
  "server_version" => "13.0",
  "server_version_info" => [13, 0, 0, "final", 0],
  "server_serie" => "13.0",
  "protocol_version" => 1,
}, common.call("version"))
uid = common.call("authenticate", db, username, password, {})
check Integer, uid
if key # it stands for the password
  check uid, common.call("authenticate", db, username, key, {})
  password = key
end

# calling methods
models = XMLRPC::Client.new2("#{url}/xmlrpc/2/object").proxy
check true, models.execute_kw(db, uid, password,
  "res.partner", "check_access_rights", ["read"], {raise_exception: false})

# listing, pages, counting
companies = [[["is_company", "=", true]]]
found = models.execute_kw(db, uid, password, "res.partner", "search", companies)
check true, found.any? && found.all?(Integer)
check found[10, 5], models.execute_kw(db, uid, password, "res.partner", "search", companies, {offset: 10, limit: 5})
check found.length, models.execute_kw(db, uid, password, "res.partner", "search_count", companies)

# reading
ids = models.execute_kw(db, uid, password, "res.partner", "search", companies, {limit: 1})
check found.first(1), ids
record = models.execute_kw(db, uid, password, "res.partner", "read", [ids]).first
check true, record.length > 100 # the document counts 121, which depends on the modules
record = models.execute_kw(db, uid, password, "res.partner", "read", [ids], {fields: %w(name country_id comment)}).first
check %w(comment country_id id name), record.keys.sort
check ids.first, record["id"]

# fields
fields = models.execute_kw(db, uid, password, "res.partner", "fields_get", [], {attributes: %w(string help type)})
check({"type" => "char", "help" => "BarCode", "string" => "EAN13"}, fields["ean13"])
check({"type" => "boolean", "help" => "", "string" => "Signup Token is Valid"}, fields["signup_valid"])
check({"type" => "date", "help" => "", "string" => "Geo Localization Date"}, fields["date_localization"])

# search and read
records = models.execute_kw(db, uid, password, "res.partner", "search_read", companies,
  {fields: %w(name country_id comment), limit: 5})
check found.first(5), records.map { |partner| partner["id"] }
check true, records.all? { |partner| partner.keys.sort == %w(comment country_id id name) }

# creating, updating, deleting
id = models.execute_kw(db, uid, password, "res.partner", "create", [{name: "New Partner"}])
check Integer, id
check true, models.execute_kw(db, uid, password, "res.partner", "write", [[id], {name: "Newer partner"}])
check [[id, "Newer partner"]], models.execute_kw(db, uid, password, "res.partner", "name_get", [[id]])
check true, models.execute_kw(db, uid, password, "res.partner", "unlink", [[id]])
check [], models.execute_kw(db, uid, password, "res.partner", "search", [[["id", "=", id]]])

# ir.model: a custom model begins with the built-in fields alone
models.execute_kw(db, uid, password, "ir.model", "create", [{
  name: "Custom Model", model: "x_custom_model", state: "manual",
}])
fields = models.execute_kw(db, uid, password, "x_custom_model", "fields_get", [], {attributes: %w(string help type)})
check({
  "create_uid" => {"type" => "many2one", "string" => "Created by"},
  "create_date" => {"type" => "datetime", "string" => "Created on"},
  "__last_update" => {"type" => "datetime", "string" => "Last Modified on"},
  "write_uid" => {"type" => "many2one", "string" => "Last Updated by"},
  "write_date" => {"type" => "datetime", "string" => "Last Updated on"},
  "display_name" => {"type" => "char", "string" => "Display Name"},
  "id" => {"type" => "integer", "string" => "Id"},
}, fields)

# ir.model.fields: and is used at once, without access rights
id = models.execute_kw(db, uid, password, "ir.model", "create", [{
  name: "Custom Model", model: "x_custom", state: "manual",
}])
models.execute_kw(db, uid, password, "ir.model.fields", "create", [{
  model_id: id, name: "x_name", ttype: "char", state: "manual", required: true,
}])
record_id = models.execute_kw(db, uid, password, "x_custom", "create", [{x_name: "test record"}])
record = models.execute_kw(db, uid, password, "x_custom", "read", [[record_id]]).first
check %w(__last_update create_date create_uid display_name id write_date write_uid x_name), record.keys.sort
check [1, "test record", "test record"], record.values_at("id", "x_name", "display_name")
check uid, record["create_uid"].first
check(/\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\z/, record["create_date"])

puts "every call of the document was answered as printed"
