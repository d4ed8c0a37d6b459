// The types of the control API, made by generate.py (`make client`) from the OpenAPI description of the server.

/** The reason, in a sentence */
export interface Error {
  error: string;
}

export interface Ready {
  status: "ready";
}

export interface Health {
  status: "ok";
  version: string;
  profile: string;
  server_version: string;
  db: string;
  login: string;
  databases: string[];
  clock: Clock;
  calls: number;
  faults: number;
  overrides: number;
  /** Errors in the server itself or in overrides */
  errors: string[];
}

export interface Clock {
  /** YYYY-MM-DD HH:MM:SS, UTC */
  now: string;
  frozen: boolean;
}

export interface Snapshot {
  name: string;
  time: string;
}

export interface Snapshots {
  snapshots: Snapshot[];
}

/** The number of removed items */
export interface Removed {
  removed: number;
}

export interface Hints {
  hints: string[];
}

export interface Calls {
  calls: {
    number: number;
    time: string;
    dialect: string;
    db: string | null;
    uid: number | null;
    login: string | null;
    service: string | null;
    model: string | null;
    method: string;
    target: string;
    ids: unknown[];
    args: { [key: string]: unknown };
    positional: unknown[];
    context: { [key: string]: unknown };
    /** ok, or the name of the error's class */
    outcome: string;
    error: string | null;
    /** What the mock could not tell, a sentence each */
    gaps: string[];
    milliseconds: number;
    bytes: number;
  }[];
  /** The number of calls that match, whatever the limit */
  count: number;
  /** Number of the latest call, for since */
  last: number;
  /** The number of calls that are kept, whether they match or not */
  kept: number;
  /** The number of earlier calls that are not kept */
  dropped: number;
  /** Whether calls are kept */
  enabled: boolean;
  /** Requests that were not calls */
  refused: {
    time: string;
    target: string;
    error: string;
  }[];
}

export interface Call {
  number: number;
  time: string;
  dialect: string;
  db: string | null;
  uid: number | null;
  login: string | null;
  service: string | null;
  model: string | null;
  method: string;
  target: string;
  ids: unknown[];
  args: { [key: string]: unknown };
  positional: unknown[];
  context: { [key: string]: unknown };
  /** ok, or the name of the error's class */
  outcome: string;
  error: string | null;
  /** What the mock could not tell, a sentence each */
  gaps: string[];
  milliseconds: number;
  bytes: number;
  answer: unknown;
  changes: {
    kind: "created" | "written" | "deleted";
    model: string;
    id: number;
    /** [old, new] by name */
    fields: { [key: string]: unknown[] };
  }[];
  /** An override that gives the present answer; null where none can */
  override: NewOverride | null;
  /** Lines for a test in Python */
  python: {
    assertion: string;
    override: string | null;
  };
}

export interface Changes {
  changes: {
    db: string;
    /** The record's name */
    name: string | null;
    kind: "created" | "written" | "deleted";
    model: string;
    id: number;
    /** [old, new] by name */
    fields: { [key: string]: unknown[] };
  }[];
  /** The number of changes that match, whatever the limit */
  count: number;
  models: {
    model: string;
    created: number;
    written: number;
    deleted: number;
  }[];
}

/** A call and how often it was made, once or more by default. Every other key is an argument of the method; with __contains at its end, only a part of it is compared */
export interface Pattern {
  /** A model, or a service such as common; any by default */
  model?: string;
  /** Any by default */
  method?: string;
  /** Exactly this often */
  times?: number;
  at_least?: number;
  at_most?: number;
  /** The records, in any order */
  ids?: number | unknown[];
  /** Login or id */
  user?: string | number;
  db?: string;
  dialect?: string;
  context?: { [key: string]: unknown };
  context__contains?: { [key: string]: unknown };
  /** Whether it failed, or the name of the error */
  error?: boolean | string;
  /** Whether it met a fault, or the name of one */
  fault?: boolean | string;
  /** Arguments by name, also those with one of the names above */
  args?: { [key: string]: unknown };
  [key: string]: unknown;
}

export interface Verified {
  /** How many calls match */
  count: number;
  /** Their numbers, of those that are kept */
  calls: number[];
}

export interface Mails {
  mails: {
    subject: string;
    /** HTML */
    body: string;
    sender: string;
    to: string[];
    cc: string[];
    reply_to: string;
    /** The record that it is about */
    record: {
      model: string;
      id: number;
    } | null;
    attachments: {
      name: string;
      size: number;
      /** base64 */
      content: string;
    }[];
    message_id: string;
    /** YYYY-MM-DD HH:MM:SS, UTC */
    date: string;
    db: string;
  }[];
  count: number;
}

export interface Webhooks {
  webhooks: {
    url: string;
    payload: { [key: string]: unknown };
    record: {
      model: string;
      id: number;
    };
    action: string;
    /** Whether the request went out */
    sent: boolean;
    /** The status of the answer */
    status: number | null;
    /** Why it was not sent, or what went wrong */
    error: string;
    /** YYYY-MM-DD HH:MM:SS, UTC */
    date: string;
    db: string;
  }[];
  count: number;
}

export interface NewFault {
  /** A fault with its type (Delay, HttpError, Reset, UserError …) and parameters; a list: one for each call, in turn, null for none; {"together": […]}: several in one call */
  fault: unknown;
  /** Name or pattern (sale.*); any by default */
  model?: string;
  /** Name or pattern; any by default */
  method?: string;
  /** Such as xmlrpc or json*; any by default */
  dialect?: string;
  /** Only the nth of these calls, counted from 1 */
  nth?: number;
  /** Only every nth of these calls */
  every?: number;
  /** The most calls to hit */
  times?: number;
  /** The probability to hit each of these calls, above 0, at most 1 */
  probability?: number;
  /** The seed of that probability */
  seed?: number;
  /** Whether a test in Python fails if the fault hits no call */
  required?: boolean;
  /** false: unknown names are accepted too */
  known?: boolean;
  [key: string]: unknown;
}

export interface Fault {
  id: number;
  /** A fault with its type (Delay, HttpError, Reset, UserError …) and parameters; a list: one for each call, in turn, null for none; {"together": […]}: several in one call */
  fault: unknown;
  /** Name or pattern (sale.*); any by default */
  model?: string;
  /** Name or pattern; any by default */
  method?: string;
  /** Such as xmlrpc or json*; any by default */
  dialect?: string;
  /** Only the nth of these calls, counted from 1 */
  nth?: number;
  /** Only every nth of these calls */
  every?: number;
  /** The most calls to hit */
  times?: number;
  /** The probability to hit each of these calls, above 0, at most 1 */
  probability?: number;
  /** The seed of that probability */
  seed?: number;
  /** Whether a test in Python fails if the fault hits no call */
  required: boolean;
  calls: number;
  hits: number;
}

export interface Faults {
  faults: Fault[];
}

export interface NewOverride {
  /** Name of a model, or * for every model */
  model: string;
  method: string;
  /** What the method returns */
  answer?: unknown;
  /** Type and message */
  error?: {
    type?: string;
    message?: string;
    [key: string]: unknown;
  };
  /** Several answers, in turn, each with answer or error */
  answers?: { [key: string]: unknown }[];
  /** Whether calls pass ids first, for a new method */
  ids?: boolean;
  /** Whether a test passes though nothing called the method */
  optional?: boolean;
  /** Whether clients may not call it */
  private?: boolean;
  [key: string]: unknown;
}

export interface Override {
  id: number;
  /** Name of a model, or * for every model */
  model: string;
  method: string;
  /** What the method returns */
  answer?: unknown;
  /** Type and message */
  error?: {
    type?: string;
    message?: string;
    [key: string]: unknown;
  };
  /** Several answers, in turn, each with answer or error */
  answers?: { [key: string]: unknown }[];
  /** Whether calls pass ids first, for a new method */
  ids?: boolean;
  /** Whether a test passes though nothing called the method */
  optional?: boolean;
  /** Whether clients may not call it */
  private?: boolean;
  function?: string;
  calls: number;
}

export interface Overrides {
  overrides: Override[];
}

export interface Database {
  name: string;
  /** Whether it is the first one, which cannot be dropped */
  first: boolean;
}

export interface Databases {
  databases: Database[];
}

export interface Models {
  models: {
    model: string;
    description: string;
    records: number;
    transient: boolean;
    abstract: boolean;
  }[];
}

export interface Model {
  model: string;
  description: string;
  order: string;
  /** As from fields_get */
  fields: { [key: string]: { [key: string]: unknown } };
}

export interface Record {
  record: { [key: string]: unknown };
}

export interface Records {
  records: { [key: string]: unknown }[];
  /** How many the domain finds */
  count: number;
}

export interface Packs {
  packs: string[];
  /** The packs of the database, also those that came with others */
  loaded: string[];
  /** The names of other fixtures of the database */
  files: string[];
}

export interface Loaded {
  db: string;
  /** The number of records that were added */
  added: number;
}

export interface Saved {
  db: string;
  /** Whether it was written to the server's file */
  saved: boolean;
  fixture: Fixture;
}

/** As docs/fixtures.md describes it */
export interface Fixture { [key: string]: unknown }

/** Take a snapshot of every database and session, and of the overrides */
export interface TakeSnapshotBody {
  /** Its name; the next free number by default */
  name?: string;
}

/** Restore a snapshot and forget those taken after it */
export interface RestoreBody {
  /** The snapshot; the latest by default */
  name?: string;
}

/** Freeze the clock, advance it, or let it run */
export interface SetClockBody {
  /** Freeze at this moment, UTC; true for the present one */
  freeze?: string | boolean;
  /** Advance by this number of seconds */
  tick?: number;
  /** Let the clock run from its present time */
  thaw?: boolean;
}

/** The latest calls, oldest first, without their answers */
export interface ListCallsQuery {
  /** Only calls of a model, or of a service such as common */
  model?: string;
  /** Only calls of a method */
  method?: string;
  /** Only calls over a protocol, such as xmlrpc */
  dialect?: string;
  /** Only calls on a database */
  db?: string;
  /** Only calls that failed (true), or only those that did not (false) */
  error?: boolean;
  /** Only calls with a higher number */
  since?: number;
  /** Only calls with a lower number */
  before?: number;
  /** The most calls to return; 100 by default */
  limit?: number;
}

/** What was created, written and deleted since the start or since a snapshot, with old and new values */
export interface ListChangesQuery {
  /** The name of a snapshot; the start by default */
  since?: string;
  /** Only changes of a model */
  model?: string;
  /** Only created, written or deleted records */
  kind?: string;
  /** Only changes in a database */
  db?: string;
  /** The most changes to return; 100 by default */
  limit?: number;
}

/** The mail that the server sent, in order; nothing leaves the process */
export interface ListMailsQuery {
  /** Only mail about records of a model */
  model?: string;
  /** Only mail to an address */
  to?: string;
  /** Only mail with this in its subject */
  subject?: string;
}

/** The webhooks of automations, in order, also those that were not sent */
export interface ListWebhooksQuery {
  /** Only webhooks about records of a model */
  model?: string;
  /** Only webhooks to URLs with this in them */
  url?: string;
}

/** Create a database from the same fixtures and with the same login */
export interface AddDatabaseBody {
  /** Its name */
  name: string;
  /** The database to copy, as it is now, in place of the fixtures */
  copy_of?: string;
  /** Whether a copy takes the place of a database of its name */
  replace?: boolean;
  /** Drop a copy that was not used for so long, when the next one is made */
  idle_seconds?: number;
}

/** The records that a domain finds, archived ones too */
export interface ListRecordsQuery {
  /** JSON; all records by default */
  domain?: unknown[];
  /** Only records with this in their name, or of this id */
  search?: string;
  /** Names separated by commas; all fields by default */
  fields?: string[];
  /** Such as name desc; the model's own by default */
  order?: string;
  /** The number of records to skip */
  offset?: number;
  /** The most records to return; 80 by default */
  limit?: number;
}

/** Write values into a record, as the superuser */
export interface WriteRecordBody {
  /** As a client sends them to write */
  values: { [key: string]: unknown };
}

/** The bundled packs, and what is loaded */
export interface ListFixturesQuery {
  /** The database; the first one by default */
  db?: string;
}

/** Add data to a database: all of it or nothing */
export interface LoadFixtureBody {
  /** The name of a bundled pack, or the content of a fixture */
  fixture: string | { [key: string]: unknown };
  /** The database; the first one by default */
  db?: string;
}
