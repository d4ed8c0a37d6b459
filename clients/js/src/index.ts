/** Control a mock of Odoo's external API over HTTP: a class with a method for each thing that a test does. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type * as api from "./api.js";

export type * from "./api.js";

/** Where the server is, and the control token if it was started with one. */
export interface Address {
  url: string;
  token?: string | undefined;
}

export interface StartOptions {
  /** Options of `mockserver serve`, such as ["--profile", "odoo-18.0", "--fixtures", "sale"] */
  options?: string[];
  /** The command and its first arguments, ["mockserver"] by default */
  command?: string[];
  /** Milliseconds until the start has failed */
  timeout?: number;
}

/** How often a call was made, and what it was made with; see `Pattern`. */
export type Criteria = Omit<api.Pattern, "model" | "method">;

/** The control API refused a request, and says why. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ControlError";
  }
}

/** A call was not made, or not as often as it should; the text shows the nearest calls. */
export class CallAssertionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CallAssertionError";
  }
}

type Query = object;

export class MockServer {
  readonly url: string;
  readonly #token: string | undefined;

  constructor({ url, token }: Address) {
    this.url = url.replace(/\/+$/, "");
    this.#token = token;
  }

  /** Start a server of one's own on a free port; `stop()` ends it. */
  static start(options: StartOptions = {}): Promise<StartedServer> {
    return StartedServer.launch(options);
  }

  /** Wait until the server answers, such as one in a container. */
  async ready(timeout = 30_000): Promise<void> {
    const end = Date.now() + timeout;
    for (;;) {
      try {
        await this.#ask<api.Ready>("GET", "/ready");
        return;
      } catch (error) {
        if (error instanceof ControlError || Date.now() >= end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  health(): Promise<api.Health> {
    return this.#ask("GET", "/health");
  }

  /** Restore the initial data and clock; forget calls, faults, overrides and snapshots. */
  reset(): Promise<api.Health> {
    return this.#ask("POST", "/reset");
  }

  // -- calls

  async calls(filter: api.ListCallsQuery = {}): Promise<api.Calls["calls"]> {
    return (await this.#ask<api.Calls>("GET", "/calls", filter)).calls;
  }

  /** One call with its answer and what it changed. */
  call(number: number): Promise<api.Call> {
    return this.#ask("GET", path`/calls/${number}`);
  }

  forgetCalls(): Promise<api.Removed> {
    return this.#ask("DELETE", "/calls");
  }

  /** The calls that match; throws CallAssertionError if they are too few or too many. */
  verify(pattern: api.Pattern): Promise<api.Verified> {
    return this.#ask("POST", "/verify", undefined, pattern);
  }

  /** `assertCalled("res.partner", "create", { times: 1, vals_list__contains: { name: "Acme" } })` */
  assertCalled(model: string, method: string, criteria: Criteria = {}): Promise<api.Verified> {
    return this.verify({ ...criteria, model, method });
  }

  assertNotCalled(model: string, method: string, criteria: Criteria = {}): Promise<api.Verified> {
    return this.verify({ ...criteria, model, method, times: 0 });
  }

  /** What the mock lacks or does not compute, of what the calls asked for. */
  async hints(): Promise<api.Hints["hints"]> {
    return (await this.#ask<api.Hints>("GET", "/hints")).hints;
  }

  /** What was created, written and deleted since the start, or since a snapshot. */
  async changes(filter: api.ListChangesQuery = {}): Promise<api.Changes["changes"]> {
    return (await this.#ask<api.Changes>("GET", "/changes", filter)).changes;
  }

  // -- behaviour

  addFault(fault: api.NewFault): Promise<api.Fault> {
    return this.#ask("POST", "/faults", undefined, fault);
  }

  async faults(): Promise<api.Fault[]> {
    return (await this.#ask<api.Faults>("GET", "/faults")).faults;
  }

  /** Remove the fault with that id, or all. */
  removeFaults(id?: number): Promise<api.Removed> {
    return this.#ask("DELETE", id === undefined ? "/faults" : path`/faults/${id}`);
  }

  addOverride(override: api.NewOverride): Promise<api.Override> {
    return this.#ask("POST", "/overrides", undefined, override);
  }

  async overrides(): Promise<api.Override[]> {
    return (await this.#ask<api.Overrides>("GET", "/overrides")).overrides;
  }

  /** Remove the override with that id, or all. */
  removeOverrides(id?: number): Promise<api.Removed> {
    return this.#ask("DELETE", id === undefined ? "/overrides" : path`/overrides/${id}`);
  }

  // -- state

  snapshot(name?: string): Promise<api.Snapshot> {
    return this.#ask("POST", "/snapshot", undefined, name === undefined ? {} : { name });
  }

  /** Restore a snapshot, the latest one by default. */
  restore(name?: string): Promise<api.Snapshot> {
    return this.#ask("POST", "/restore", undefined, name === undefined ? {} : { name });
  }

  async snapshots(): Promise<api.Snapshot[]> {
    return (await this.#ask<api.Snapshots>("GET", "/snapshot")).snapshots;
  }

  removeSnapshot(name: string): Promise<api.Removed> {
    return this.#ask("DELETE", path`/snapshot/${name}`);
  }

  /** Load a pack by its name, or the content of a fixture, into a database. */
  load(fixture: api.LoadFixtureBody["fixture"], db?: string): Promise<api.Loaded> {
    return this.#ask("POST", "/fixtures", undefined, db === undefined ? { fixture } : { fixture, db });
  }

  async packs(): Promise<string[]> {
    return (await this.#ask<api.Packs>("GET", "/fixtures")).packs;
  }

  /** The records of a model, archived ones too. */
  async records(model: string, query: api.ListRecordsQuery = {}, db?: string): Promise<Record<string, unknown>[]> {
    const { domain, fields, ...rest } = query;
    const given = {
      ...rest,
      ...(domain && { domain: JSON.stringify(domain) }),
      ...(fields && { fields: fields.join(",") }),
    };
    const name = db ?? (await this.health()).db;
    return (await this.#ask<api.Records>("GET", path`/databases/${name}/models/${model}/records`, given)).records;
  }

  /** The data of the first database beyond the packs, as a fixture; the server writes it to its file if it has one. */
  save(): Promise<api.Saved> {
    return this.#ask("POST", "/save");
  }

  async databases(): Promise<api.Database[]> {
    return (await this.#ask<api.Databases>("GET", "/databases")).databases;
  }

  /** A database from the server's fixtures, or a copy of another one: `{ copy_of: "mock" }`. */
  addDatabase(name: string, given: Omit<api.AddDatabaseBody, "name"> = {}): Promise<api.Database> {
    return this.#ask("POST", "/databases", undefined, { name, ...given });
  }

  removeDatabase(name: string): Promise<api.Removed> {
    return this.#ask("DELETE", path`/databases/${name}`);
  }

  // -- clock

  clock(): Promise<api.Clock> {
    return this.#ask("GET", "/clock");
  }

  /** Freeze at a moment such as "2026-01-31 12:00:00" (UTC), or at the present one. */
  freeze(moment: string | true = true): Promise<api.Clock> {
    return this.#ask("POST", "/clock", undefined, { freeze: moment });
  }

  /** Advance by seconds. */
  tick(seconds: number): Promise<api.Clock> {
    return this.#ask("POST", "/clock", undefined, { tick: seconds });
  }

  thaw(): Promise<api.Clock> {
    return this.#ask("POST", "/clock", undefined, { thaw: true });
  }

  // -- what the server sent

  async outbox(filter: api.ListMailsQuery = {}): Promise<api.Mails["mails"]> {
    return (await this.#ask<api.Mails>("GET", "/outbox", filter)).mails;
  }

  async webhooks(filter: api.ListWebhooksQuery = {}): Promise<api.Webhooks["webhooks"]> {
    return (await this.#ask<api.Webhooks>("GET", "/webhooks", filter)).webhooks;
  }

  async #ask<T>(verb: string, where: string, query: Query = {}, body: unknown = {}): Promise<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    const answer = await fetch(`${this.url}/_mock${where}${search && `?${search}`}`, {
      method: verb,
      headers: {
        ...(verb === "POST" && { "Content-Type": "application/json" }),
        ...(this.#token && { Authorization: `Bearer ${this.#token}` }),
      },
      ...(verb === "POST" && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as T;
    const reason = reasonIn(text) ?? `HTTP ${answer.status} ${answer.statusText}`;
    if (answer.status === 409 && where === "/verify") throw new CallAssertionError(reason);
    throw new ControlError(answer.status, reason);
  }
}

/** A server that this process has started. */
export class StartedServer extends MockServer {
  readonly #end: () => Promise<void>;
  readonly db: string;
  readonly login: string;
  readonly password: string;

  private constructor(facts: Record<string, string>, end: () => Promise<void>) {
    super({ url: facts["url"] ?? "" });
    this.db = facts["db"] ?? "";
    this.login = facts["login"] ?? "";
    this.password = facts["password"] ?? "";
    this.#end = end;
  }

  static launch({ options = [], command = ["mockserver"], timeout = 30_000 }: StartOptions): Promise<StartedServer> {
    const [program = "mockserver", ...first] = command;
    const child = spawn(program, [...first, "serve", "--port", "0", "--quiet", ...options], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const stop = async () => {
      child.kill();
      await ended;
    };
    // a test run that ends without stop() leaves no server behind
    const kill = () => child.kill();
    process.once("exit", kill);
    void ended.then(() => process.off("exit", kill));
    let errors = "";
    child.stderr.on("data", (data) => (errors = (errors + String(data)).slice(-10_000)));
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        clearTimeout(timer);
        child.kill();
        reject(new Error(`mockserver did not start: ${reason}\n${errors}`.trim()));
      };
      const timer = setTimeout(() => fail(`not ready after ${timeout} ms`), timeout);
      child.once("error", (error) => fail(error.message));
      child.once("close", (code) => fail(`it ended with status ${code}`));
      createInterface({ input: child.stdout }).on("line", (line) => {
        const facts = factsIn(line);
        if (facts === undefined) return;
        clearTimeout(timer);
        resolve(new StartedServer(facts, stop));
      });
    });
  }

  /** End the server; resolves when its process is gone. */
  stop(): Promise<void> {
    return this.#end();
  }
}

/** The facts in `mockserver ready: URL db=… login=… password=… profile=…`. */
function factsIn(line: string): Record<string, string> | undefined {
  const found = /^mockserver ready: (?<url>\S+) db=(?<db>[^,\s]+)\S* login=(?<login>.*) password=(?<password>.*) profile=\S+$/.exec(
    line,
  );
  return found?.groups;
}

/** A path with its values escaped. */
function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value)));
}

function reasonIn(text: string): string | undefined {
  try {
    const found = JSON.parse(text) as { error?: unknown };
    return typeof found.error === "string" ? found.error : undefined;
  } catch {
    return undefined;
  }
}
