// The sample calls of the document of muk_rest as it prints them, in its order, against $ODOO_URL (profile
// odoo-11.0, fixture `sale`), with a small `$.ajax` in place of jQuery's.  The databases `rest`, `rest_old` and
// `rest_new` are made and dropped on the way.
import assert from "node:assert/strict";

const { ODOO_URL, ODOO_DB } = process.env;
let cookie = "", status = 0, headers, answer;

const $ = {
  // data goes out in the query of a GET and as a form otherwise, a file in a multipart form
  async ajax({ type, url, data = {}, success }) {
    const query = type === "GET" ? `?${new URLSearchParams(data)}` : "";
    let body;
    if (type !== "GET") {
      const file = Object.values(data).some((value) => value instanceof Blob);
      body = file ? new FormData() : new URLSearchParams();
      for (const [name, value] of Object.entries(data)) body.append(name, value);
    }
    const response = await fetch(ODOO_URL + url + query, { method: type, body, headers: { cookie } });
    status = response.status;
    headers = response.headers;
    cookie = headers.get("set-cookie")?.split(";")[0] ?? cookie;
    const json = headers.get("content-type").startsWith("application/json");
    answer = json ? await response.json() : Buffer.from(await response.arrayBuffer());
    if (response.ok) success(answer);
  },
};
let successes = 0;
const success = () => { successes += 1; };

// Version
await $.ajax({
  type: "GET",
  url: "/api",
  success: success,
});
assert.deepEqual(answer, {
  api_version: 1, server_serie: "11.0", server_version: "11.0", server_version_info: [11, 0, 0, "final", 0, ""],
});

// Change Master Password: the verb that the sample prints is not the one that the document names
await $.ajax({
  type: "GET",
  url: "/api/change_master_password",
  data: {
    password_new: "pw",
  },
  success: success,
});
assert.deepEqual([status, answer], [404, { error: "unknown_command" }]);
await $.ajax({
  type: "POST",
  url: "/api/change_master_password",
  data: {
    password_new: "pw",
  },
  success: success,
});
assert.equal(answer, true);

// Database List
await $.ajax({
  type: "GET",
  url: "/api/database/list",
  success: success,
});
assert.deepEqual(answer, { databases: [ODOO_DB], incompatible_databases: [] });

// Database Create
const create = (database_name, more = {}) => $.ajax({
  type: "POST",
  url: "/api/database/create",
  data: {
    ...more,
    database_name: database_name,
    admin_login: "admin",
    admin_password: "admin",
  },
  success: success,
});
await create("rest");
assert.equal(answer, true);

// Database Duplicate
await create("rest_old");
await $.ajax({
  type: "POST",
  url: "/api/database/duplicate",
  data: {
    database_old: "rest_old",
    database_new: "rest_new",
  },
  success: success,
});
assert.equal(answer, true);

// Database Drop
const drop = (database_name) => $.ajax({
  type: "POST",
  url: "/api/database/drop",
  data: {
    database_name: database_name,
  },
  success: success,
});
await drop("rest");
assert.equal(answer, true);

// Database Backup
await create("rest", { demo: "true" });
await $.ajax({
  type: "POST",
  url: "/api/database/backup",
  data: {
    database_name: "rest",
  },
  success: success,
});
assert.equal(answer.subarray(0, 2).toString(), "PK");
const file = new Blob([answer]);

// Database Restore
await drop("rest");
await $.ajax({
  type: "POST",
  url: "/api/database/restore",
  data: {
    database_name: "rest",
    backup_file: file
  },
  success: success,
});
assert.equal(answer, true);

// Authentication; from here on the cookie says which of the databases is meant
await $.ajax({
  type: "POST",
  url: "/api/authenticate",
  data: {
    db: "rest",
    login: "admin",
    password: "admin",
  },
  success: success,
});
assert.deepEqual(Object.keys(answer), ["token"]);
const { token } = answer;

// Life
await $.ajax({
  type: "GET",
  url: "/api/life",
  data: {
    token: token,
  },
  success: success,
});
assert.ok(answer > 3500 && answer <= 3600);

// Refresh
await $.ajax({
  type: "POST",
  url: "/api/refresh",
  data: {
    token: token,
  },
  success: success,
});
assert.equal(answer, true);

// Search
await $.ajax({
  type: "GET",
  url: "/api/search",
  data: {
    token: token,
    model: "res.partner",
    domain: '[["id", "=", 1]]',
  },
  success: success,
});
const [company] = answer;
assert.deepEqual(company.self, [1, company.name]);
assert.deepEqual([company.parent_id, company.bank_ids, company.image], [[], [], false]);

// Read
await $.ajax({
  type: "GET",
  url: "/api/read",
  data: {
    token: token,
    model: "res.partner",
    domain: '[["id", "=", 1]]',
    fields: '["name"]',
  },
  success: success,
});
assert.deepEqual(answer, [{ id: 1, name: company.name }]);

// Create
await $.ajax({
  type: "POST",
  url: "/api/create",
  data: {
    token: token,
    values: '{"name": "MuK IT"}',
  },
  success: success,
});
const [partner] = answer;
assert.deepEqual(partner.commercial_partner_id, [partner.id, "MuK IT"]);

// Write
await $.ajax({
  type: "PUT",
  url: "/api/write",
  data: {
    token: token,
    values: '{"name": "MuK IT"}',
    ids: "[1]",
  },
  success: success,
});
assert.equal(answer, true);

// Unlink: contact 1 of the document is kept for its company by every server, so that it is the one made above
await $.ajax({
  type: "DELETE",
  url: "/api/unlink",
  data: {
    token: token,
    ids: `[${partner.id}]`,
  },
  success: success,
});
assert.equal(answer, true);

// Call
await $.ajax({
  type: "POST",
  url: "/api/call",
  data: {
    token: token,
    method: "copy",
    ids: "[1]",
  },
  success: success,
});
assert.equal(answer[0].name, "MuK IT (copy)");

// Report
await $.ajax({
  type: "GET",
  url: "/api/report",
  data: {
    token: token,
    report: "sale.action_report_saleorder",
    model: "sale.order",
    ids: "[1]",
  },
  success: success,
});
assert.equal(headers.get("content-type"), "application/pdf");
assert.equal(answer.subarray(0, 4).toString(), "%PDF");

// Binary, of an attachment made for it
await $.ajax({
  type: "POST",
  url: "/api/create",
  data: { token: token, model: "ir.attachment", values: '{"name": "hello.txt", "datas": "SGVsbG8="}' },
  success: success,
});
await $.ajax({
  type: "GET",
  url: "/api/binary",
  data: {
    token: token,
    id: answer[0].id,
  },
  success: success,
});
assert.equal(answer.toString(), "Hello");

// Close
await $.ajax({
  type: "POST",
  url: "/api/close",
  data: {
    token: token,
  },
  success: success,
});
assert.equal(answer, true);

for (const name of ["rest", "rest_old", "rest_new"]) await drop(name);
assert.equal(successes, 27);
console.log("every call of the document was answered as printed");
