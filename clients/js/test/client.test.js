// run by `npm test` after `npm run build`; the server is `mockserver`, or the command in MOCKSERVER_COMMAND (JSON)
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { CallAssertionError, ControlError, MockServer } from "../dist/index.js";

const command = JSON.parse(process.env.MOCKSERVER_COMMAND ?? '["mockserver"]');
let odoo;

before(async () => {
  odoo = await MockServer.start({ command, options: ["--without-demo"] });
});
beforeEach(() => odoo.reset());
after(() => odoo?.stop());

async function call(model, method, args, kwargs = {}) {
  const params = { service: "object", method: "execute_kw", args: [odoo.db, 2, odoo.password, model, method, args, kwargs] };
  const answer = await fetch(`${odoo.url}/jsonrpc`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", method: "call", id: 1, params }),
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const { result, error } = await answer.json();
  if (error) throw new Error(error.data.message);
  return result;
}

const create = (name) => call("res.partner", "create", [{ name }]);
const named = (name) => odoo.records("res.partner", { domain: [["name", "=", name]], fields: ["name"] });

test("a reset forgets records and calls", async () => {
  await create("Azure & Söhne");
  assert.equal((await named("Azure & Söhne")).length, 1);
  await odoo.reset();
  assert.deepEqual(await named("Azure & Söhne"), []);
  assert.deepEqual(await odoo.calls(), []);
});

test("calls are listed, and one has its answer and changes", async () => {
  const id = await create("Azure");
  const [made] = await odoo.calls({ model: "res.partner", method: "create" });
  const whole = await odoo.call(made.number);
  assert.equal(whole.answer, id);
  assert.deepEqual(whole.changes.find((change) => change.model === "res.partner").kind, "created");
  assert.deepEqual(await odoo.calls({ error: true }), []);
  assert.deepEqual((await odoo.changes({ model: "res.partner" })).map((change) => [change.kind, change.id]), [["created", id]]);
  assert.deepEqual(await odoo.hints(), []);
  assert.ok((await odoo.forgetCalls()).removed >= 1);
});

test("assertions pass for what was called, and show the nearest call otherwise", async () => {
  await create("Azure");
  assert.equal((await odoo.assertCalled("res.partner", "create", { times: 1 })).count, 1);
  await odoo.assertNotCalled("res.partner", "unlink");
  await assert.rejects(odoo.assertCalled("res.partner", "write"), (error) => {
    assert.ok(error instanceof CallAssertionError);
    assert.match(error.message, /res\.partner\.write/);
    assert.match(error.message, /res\.partner\.create/);
    return true;
  });
  await assert.rejects(odoo.assertNotCalled("res.partner", "create"), CallAssertionError);
});

test("a fault hits the calls that it is aimed at, until it is removed", async () => {
  const { id } = await odoo.addFault({ fault: { type: "HttpError", status: 503 }, model: "res.partner" });
  await assert.rejects(create("Azure"), /HTTP 503/);
  assert.equal((await odoo.faults())[0].hits, 1);
  assert.equal((await odoo.removeFaults(id)).removed, 1);
  await create("Azure");
});

test("an override answers in the place of a method", async () => {
  await odoo.addOverride({ model: "res.partner", method: "ping", ids: false, answer: "pong" });
  assert.equal(await call("res.partner", "ping", []), "pong");
  assert.equal((await odoo.overrides())[0].method, "ping");
  assert.equal((await odoo.removeOverrides()).removed, 1);
});

test("a snapshot is restored", async () => {
  await create("Before");
  await odoo.snapshot("before? #1 ä");
  await create("After");
  await odoo.restore("before? #1 ä");
  assert.deepEqual([(await named("Before")).length, (await named("After")).length], [1, 0]);
  assert.deepEqual((await odoo.snapshots()).map(({ name }) => name), ["before? #1 ä"]);
  assert.equal((await odoo.removeSnapshot("before? #1 ä")).removed, 1);
});

test("the clock is frozen, advanced and let run", async () => {
  assert.equal((await odoo.freeze("2026-01-31 12:00:00")).now, "2026-01-31 12:00:00");
  assert.equal((await odoo.tick(60)).now, "2026-01-31 12:01:00");
  assert.equal((await odoo.thaw()).frozen, false);
});

test("packs and fixtures are loaded, and mail is kept", async () => {
  assert.ok((await odoo.packs()).includes("product"));
  assert.ok((await odoo.load("product")).added > 0);
  await odoo.load({ records: [{ model: "res.partner", values: { name: "Loaded" } }] });
  assert.equal((await named("Loaded")).length, 1);
  assert.deepEqual([await odoo.outbox(), await odoo.webhooks({ model: "res.partner" })], [[], []]);
});

test("databases are added and removed", async () => {
  await odoo.addDatabase("second");
  assert.deepEqual((await odoo.databases()).map(({ name }) => name), ["mock", "second"]);
  await odoo.removeDatabase("second");
});

test("a refusal has the status and the reason", async () => {
  await assert.rejects(odoo.load("saled"), (error) => error instanceof ControlError && /saled/.test(error.message));
  await assert.rejects(odoo.call(10_000), { name: "ControlError", status: 404 });
});

test("a server with a token answers those that have it, and is waited for without", async () => {
  const guarded = await MockServer.start({ command, options: ["--without-demo", "--control-token", "s3cret"] });
  try {
    await new MockServer({ url: guarded.url }).ready();
    await assert.rejects(new MockServer({ url: guarded.url }).health(), { status: 401 });
    assert.equal((await new MockServer({ url: `${guarded.url}/`, token: "s3cret" }).health()).status, "ok");
  } finally {
    await guarded.stop();
  }
  await assert.rejects(new MockServer({ url: guarded.url }).ready(0), /fetch failed/);
});

test("a server that does not start says why", async () => {
  await assert.rejects(MockServer.start({ command, options: ["--profile", "odoo-1.0"] }), /did not start.*odoo-1\.0/s);
  await assert.rejects(MockServer.start({ command: ["no-such-command"] }), /did not start/);
});
