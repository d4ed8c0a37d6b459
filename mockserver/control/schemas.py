"""The JSON schemas of the control API, by name."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
OBJECT: Schema = {"type": "object"}
ANY: Schema = {}
ANY_LIST: Schema = {"type": "array"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
INTEGER_OR_NULL: Schema = {"type": ["integer", "null"]}


def ref(name: str) -> Schema:
    """Return the schema of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def record(about: str = "", /, **properties: Schema) -> Schema:
    """Return the schema of an object with exactly these properties."""
    described = {"description": about} if about else {}
    return described | {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


_CALL = {
    "number": INTEGER,
    "time": {"type": "string", "format": "date-time"},
    "dialect": TEXT,
    "db": TEXT_OR_NULL,
    "uid": INTEGER_OR_NULL,
    "login": TEXT_OR_NULL,
    "service": TEXT_OR_NULL,
    "model": TEXT_OR_NULL,
    "method": TEXT,
    "target": TEXT,
    "ids": ANY_LIST,
    "args": OBJECT,
    "positional": ANY_LIST,
    "context": OBJECT,
    "outcome": {"type": "string", "description": "ok, or the name of the error's class"},
    "error": TEXT_OR_NULL,
    "gaps": {"type": "array", "items": TEXT, "description": "What the mock could not tell, a sentence each"},
    "milliseconds": NUMBER,
    "bytes": INTEGER,
}
_CHANGE = {
    "kind": {"enum": ["created", "written", "deleted"]},
    "model": TEXT,
    "id": INTEGER,
    "fields": {"type": "object", "additionalProperties": ANY_LIST, "description": "[old, new] by name"},
}
_AIM: Schema = {
    "model": {"type": "string", "description": "Name or pattern (sale.*); any by default"},
    "method": {"type": "string", "description": "Name or pattern; any by default"},
    "dialect": {"type": "string", "description": "Such as xmlrpc or json*; any by default"},
    "nth": {"type": "integer", "description": "Only the nth of these calls, counted from 1"},
    "every": {"type": "integer", "description": "Only every nth of these calls"},
    "times": {"type": "integer", "description": "The most calls to hit"},
    "probability": {"type": "number", "description": "The probability to hit each of these calls, above 0, at most 1"},
    "seed": {"type": "integer", "description": "The seed of that probability"},
    "required": {"type": "boolean", "description": "Whether a test in Python fails if the fault hits no call"},
}
_FAULT: Schema = {
    "description": "A fault with its type (Delay, HttpError, Reset, UserError …) and parameters; "
    'a list: one for each call, in turn, null for none; {"together": […]}: several in one call'
}
_ERROR: Schema = {"type": "object", "description": "Type and message", "properties": {"type": TEXT, "message": TEXT}}
_OVERRIDE: Schema = {
    "model": {"type": "string", "description": "Name of a model, or * for every model"},
    "method": TEXT,
    "answer": {"description": "What the method returns"},
    "error": _ERROR,
    "answers": {"description": "Several answers, in turn, each with answer or error", **listed(OBJECT)},
    "ids": {"type": "boolean", "description": "Whether calls pass ids first, for a new method"},
    "optional": {"type": "boolean", "description": "Whether a test passes though nothing called the method"},
    "private": {"type": "boolean", "description": "Whether clients may not call it"},
}

SCHEMAS: dict[str, Schema] = {
    "Error": record("The reason, in a sentence", error=TEXT),
    "Ready": record(status={"const": "ready"}),
    "Health": record(
        status={"const": "ok"}, version=TEXT, profile=TEXT, server_version=TEXT, db=TEXT, login=TEXT,
        databases=listed(TEXT), clock=ref("Clock"), calls=INTEGER, faults=INTEGER, overrides=INTEGER,
        errors={"description": "Errors in the server itself or in overrides", **listed(TEXT)},
    ),
    "Clock": record(now={"type": "string", "description": "YYYY-MM-DD HH:MM:SS, UTC"}, frozen=BOOLEAN),
    "Snapshot": record(name=TEXT, time=TEXT),
    "Snapshots": record(snapshots=listed(ref("Snapshot"))),
    "Removed": record("The number of removed items", removed=INTEGER),
    "Hints": record(hints=listed(TEXT)),
    "Calls": record(
        calls=listed(record(**_CALL)),
        count={"type": "integer", "description": "The number of calls that match, whatever the limit"},
        last={"type": "integer", "description": "Number of the latest call, for since"},
        kept={"type": "integer", "description": "The number of calls that are kept, whether they match or not"},
        dropped={"type": "integer", "description": "The number of earlier calls that are not kept"},
        enabled={"type": "boolean", "description": "Whether calls are kept"},
        refused={"description": "Requests that were not calls", **listed(record(time=TEXT, target=TEXT, error=TEXT))},
    ),
    "Call": record(
        **_CALL, answer=ANY,
        changes=listed(record(**_CHANGE)),
        override={"description": "An override that gives the present answer; null where none can",
                  "oneOf": [ref("NewOverride"), {"type": "null"}]},
        python=record("Lines for a test in Python", assertion=TEXT, override=TEXT_OR_NULL),
    ),
    "Changes": record(
        changes=listed(record(db=TEXT, name={"description": "The record's name", **TEXT_OR_NULL}, **_CHANGE)),
        count={"type": "integer", "description": "The number of changes that match, whatever the limit"},
        models=listed(record("Of any model", model=TEXT, created=INTEGER, written=INTEGER, deleted=INTEGER)),
    ),
    "Pattern": {
        "type": "object",
        "description": "A call and how often it was made, once or more by default. "
        "Every other key is an argument of the method; with __contains at its end, only a part of it is compared",
        "properties": {
            "model": {"type": "string", "description": "A model, or a service such as common; any by default"},
            "method": {"type": "string", "description": "Any by default"},
            "times": {"description": "Exactly this often", **COUNT}, "at_least": COUNT, "at_most": COUNT,
            "ids": {"type": ["integer", "array"], "description": "The records, in any order"},
            "user": {"type": ["string", "integer"], "description": "Login or id"}, "db": TEXT, "dialect": TEXT,
            "context": OBJECT, "context__contains": OBJECT,
            "error": {"type": ["boolean", "string"], "description": "Whether it failed, or the name of the error"},
            "fault": {"type": ["boolean", "string"], "description": "Whether it met a fault, or the name of one"},
            "args": {"description": "Arguments by name, also those with one of the names above", **OBJECT},
        },
    },
    "Verified": record(
        count={"type": "integer", "description": "How many calls match"},
        calls={"description": "Their numbers, of those that are kept", **listed(INTEGER)},
    ),
    "Mails": record(
        mails=listed(record(
            subject=TEXT, body={"type": "string", "description": "HTML"}, sender=TEXT, to=listed(TEXT), cc=listed(TEXT),
            reply_to=TEXT, record={"description": "The record that it is about",
                                   "oneOf": [record(model=TEXT, id=INTEGER), {"type": "null"}]},
            attachments=listed(record(name=TEXT, size=INTEGER,
                                      content={"type": "string", "description": "base64"})),
            message_id=TEXT, date={"type": "string", "description": "YYYY-MM-DD HH:MM:SS, UTC"}, db=TEXT,
        )),
        count=INTEGER,
    ),
    "Webhooks": record(
        webhooks=listed(record(
            url=TEXT, payload=OBJECT, record=record(model=TEXT, id=INTEGER), action=TEXT,
            sent={"type": "boolean", "description": "Whether the request went out"},
            status={"description": "The status of the answer", "type": ["integer", "null"]},
            error={"type": "string", "description": "Why it was not sent, or what went wrong"},
            date={"type": "string", "description": "YYYY-MM-DD HH:MM:SS, UTC"}, db=TEXT,
        )),
        count=INTEGER,
    ),
    "NewFault": {"type": "object", "properties": {"fault": _FAULT, **_AIM, "known": {
        "type": "boolean", "description": "false: unknown names are accepted too"}}, "required": ["fault"]},
    "Fault": {"type": "object", "required": ["id", "fault", "required", "calls", "hits"], "additionalProperties": False,
              "properties": {"id": INTEGER, "fault": _FAULT, **_AIM, "calls": INTEGER, "hits": INTEGER}},
    "Faults": record(faults=listed(ref("Fault"))),
    "NewOverride": {"type": "object", "properties": _OVERRIDE, "required": ["model", "method"],
                    "oneOf": [{"required": [name]} for name in ("answer", "error", "answers")]},
    "Override": {"type": "object", "required": ["id", "model", "method", "calls"], "additionalProperties": False,
                 "properties": {"id": INTEGER, **_OVERRIDE, "function": TEXT, "calls": INTEGER}},
    "Overrides": record(overrides=listed(ref("Override"))),
    "Database": record(
        name=TEXT, first={"type": "boolean", "description": "Whether it is the first one, which cannot be dropped"},
    ),
    "Databases": record(databases=listed(ref("Database"))),
    "Models": record(models=listed(record(
        model=TEXT, description=TEXT, records=INTEGER, transient=BOOLEAN, abstract=BOOLEAN))),
    "Model": record(model=TEXT, description=TEXT, order=TEXT,
                    fields={"type": "object", "additionalProperties": OBJECT, "description": "As from fields_get"}),
    "Record": record(record=OBJECT),
    "Records": record(records=listed(OBJECT), count={"type": "integer", "description": "How many the domain finds"}),
    "Packs": record(
        packs=listed(TEXT),
        loaded={"description": "The packs of the database, also those that came with others", **listed(TEXT)},
        files={"description": "The names of other fixtures of the database", **listed(TEXT)},
    ),
    "Loaded": record(db=TEXT, added={"type": "integer", "description": "The number of records that were added"}),
    "Saved": record(
        db=TEXT, saved={"type": "boolean", "description": "Whether it was written to the server's file"},
        fixture=ref("Fixture"),
    ),
    "Fixture": {"type": "object", "description": "As docs/fixtures.md describes it"},
}  # fmt: skip
