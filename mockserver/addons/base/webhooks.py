"""What server actions of the type `webhook` send: a POST with a record's fields as JSON, after the transaction.

Inferred: 17.0 sends before the end of the transaction, so also for a call that fails later.
Source: 17.0, 18.0; https://www.odoo.com/documentation/17.0/applications/studio/automated_actions.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mockserver.orm.records.environment import Recordset

# what the sample of a payload has where there is no record, by type of field
_SAMPLES: Mapping[str, Any] = {
    "integer": 42, "float": 42.42, "monetary": 42.42, "char": "Hello World", "text": "Hello World",
    "html": "<p>Hello World</p>", "boolean": True, "selection": "option1", "date": "2020-01-01",
    "datetime": "2020-01-01 00:00:00", "binary": "<base64_data>", "many2one": 47, "many2many": [42, 47],
    "one2many": [42, 47], "reference": "res.partner,42",
}  # fmt: skip
_OTHER = "some_data"


@dataclass
class Webhook:
    """A webhook as the server sends it.

    `record` is the model and the id of the record that it is about; `date` is UTC.  `sent` tells whether the request
    went out, `status` is that of its answer, `error` says why it was not sent, or what went wrong.
    """

    url: str
    payload: dict[str, Any]
    record: tuple[str, int]
    action: str = ""
    date: str = ""
    db: str = ""
    sent: bool = False
    status: int | None = None
    error: str = ""
    # the bytes of the request
    body: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        """Whether the receiver answered, and with no error."""
        return self.status is not None and not self.error


def post(action: Recordset, record: Recordset) -> None:
    """Let the server send the webhook of an action about a record when the transaction is over."""
    db = action.env.db
    payload = {"_model": action.model_id.model, "_id": record.id, "_action": f"{action.name}(#{action.id})"}
    payload |= _read(action, record)
    body = json.dumps(payload, sort_keys=True, default=str)
    webhook = Webhook(
        action.webhook_url, json.loads(body), (record._name, record._ids[0]), action.name, db.clock.now(), db.name,
        body=body.encode(),
    )  # fmt: skip
    db.sent.append(webhook)
    if db.deliver is None:
        webhook.error = "not sent: the database is not that of a server"
    else:
        db.afterwards.append(partial(db.deliver, webhook))


def _read(action: Recordset, record: Recordset) -> dict[str, Any]:
    """Return the chosen fields of a record; with any, the id too."""
    names = action.webhook_field_ids.mapped("name")
    found: dict[str, Any] = record.read(names, load=None)[0] if names else {}
    return found


def sample(action: Recordset) -> str:
    """Return the sample of a payload, with the values of the first record, as text."""
    payload: dict[str, Any] = {
        "_model": action.model_id.model, "_id": 1, "_action": f"{action.name}(#{action.id})"
    }  # fmt: skip
    model = action.env.sudo()[action.model_id.model] if action.model_id else None
    if model is not None:
        record = model.with_context(active_test=False).search([], limit=1)
        if record and action.webhook_field_ids:
            payload |= {"_id": record.id} | _read(action, record)
        elif not record:
            payload |= {f.name: _SAMPLES.get(f.ttype, _OTHER) for f in action.webhook_field_ids}
    return json.dumps(payload, indent=4, sort_keys=True, default=str)
