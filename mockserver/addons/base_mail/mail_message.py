"""mail.message: what it is created with, and who may use it.

A message is read by its author, by those it is addressed to, and by those who may read its record; writing and deleting
it needs the right to change the record.
Source: recorded in flow-mail (17.0, 18.0, 19.0), flow-rights, flow-activity (17.0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base_mail import posting
from mockserver.errors import AccessError
from mockserver.orm.query.conditions import Condition
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.records.recordset import missing_record
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import allowed, check_access, in_group
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from typing_extensions import Self


class Message(models.Model):
    _inherit = "mail.message"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create messages; author, address and the name of the record are those of the user and the record."""
        single = isinstance(vals_list, Mapping)
        given = [_complete(self, vals) for vals in ([vals_list] if single else vals_list)]
        messages = super().create(given[0] if single else given)
        check_use(messages, "create")
        return messages

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change messages, as far as the user may."""
        check_use(self, "write")
        return super().write(vals)

    def unlink(self) -> bool:
        """Delete messages with the files that are attached to nothing else."""
        check_use(self, "unlink")
        own = self.sudo().attachment_ids.filtered(lambda file: file.res_model == self._name)
        done: bool = super().unlink()
        own.filtered(lambda file: not file.res_id or file.res_id in self._ids).unlink()
        return done

    def read(self, fields: Iterable[str] | None = None, load: Any = "_classic_read") -> list[dict[str, Any]]:
        """Read messages; others than the user's have an error of their own."""
        check_use(self.exists(), "read")
        return super().read(fields, load)

    def _own_limit(self, mode: str) -> Condition | None:
        """Return the condition for messages that the user may read; for other modes `check_use` is asked."""
        if mode != "read":
            return None
        env = self.env
        return Condition(lambda rows: _usable(env, rows, "read"), cost=5)

    @api.model
    def _addressed(self, rows: Sequence[Row], partner: int) -> set[int]:
        """Return the ids of the messages that are addressed to a contact."""
        return {row["id"] for row in rows if partner in (row.get("partner_ids") or ())}

    def _compute_record_name(self) -> None:
        for message in self:
            message.record_name = _record_name(message.env, message._rows()[0])


def _complete(messages: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new message with those that it has in any case."""
    env, values = messages.env, dict(vals)
    fields = messages._model.fields
    context = {name[8:]: value for name, value in env.context.items() if name.startswith("default_")}
    place = {**context, **values}
    if "author_id" not in values and "author_id" not in context:
        values["author_id"] = posting.author(env, None, None)[0]
    address = values.get("email_from")
    if "email_from" not in values:
        address = posting.author(env, values.get("author_id"))[1]
        values["email_from"] = posting.kept_address(env, values.get("author_id", False), address, given=False)
    if fields["record_name"].store and "record_name" not in place:
        values["record_name"] = _record_name(env, place)
    if "message_id" in fields and not values.get("message_id"):
        values["message_id"] = posting.message_id(env, place.get("model"), place.get("res_id"))
    if "reply_to" not in values:
        values["reply_to"] = address
    return values


def _record_name(env: Environment, values: Mapping[str, Any]) -> str | bool:
    model, id_ = values.get("model"), values.get("res_id")
    if not id_ or model not in env:
        return False
    record = env.sudo()[str(model)].browse(id_).exists()
    return record.display_name if record else False


# -- rights


def check_use(messages: Recordset, mode: str) -> None:
    """Raise AccessError unless the user may read, write, create or unlink (`mode`) the messages."""
    env = messages.env
    if env.su or not messages:
        return
    check_access(messages, mode)
    table = env.db.store.rows("mail.message")
    rows = [table[id_] for id_ in messages._ids if id_ in table]
    usable = {row["id"] for row in _usable(env, rows, mode, strict=env.db.profile.rules.message_refused_as_record)}
    refused = [row["id"] for row in rows if row["id"] not in usable]
    if refused:
        raise refusal(messages, mode, refused)


def check_posting(record: Recordset, parent_id: Any, subtype_id: Any) -> None:
    """Raise the error of a record that is missing, or on which the user may not write a message."""
    env = record.env
    if not record.exists():
        raise missing_record(record, record.id)
    messages = env["mail.message"]
    number = max(env.db.store.rows("mail.message"), default=0) + 1
    place = {"model": record._name, "res_id": record.id, "parent_id": parent_id}
    row: Row = {"id": number, **place, "subtype_id": subtype_id}
    if not env.su and not _usable(env, [row], "create"):
        raise refusal(messages, "create", [number])


def refusal(messages: Recordset, mode: str, ids: list[int]) -> AccessError:
    """Return the error of messages that the user may not use in a mode."""
    text = messages.env.db.profile.rules.message_refusal
    told = text.format(
        kind=messages._model.description, mode=mode, ids=", ".join(map(str, ids[:6])), uid=messages.env.uid
    )
    return AccessError(told)


def _usable(env: Environment, rows: Sequence[Row], mode: str, *, strict: bool = False) -> list[Row]:
    """Return the rows of the messages that the user may use; `strict`: raise if the user may use no such records."""
    user = env.db.store.get("res.users", env.uid) or {}
    partner = user.get("partner_id", 0)
    found: set[int] = set()
    if mode in ("read", "write"):
        found = {row["id"] for row in rows if row.get("author_id") == partner or row.get("create_uid") == env.uid}
    if mode == "read":
        found |= env["mail.message"]._addressed(rows, partner)
    if mode == "create":
        found = {row["id"] for row in rows if not (row.get("model") and row.get("res_id"))}
        found |= {row["id"] for row in rows if _answers(env, row, partner) or _follows(env, row, partner)}
    if not in_group(env, "base.group_user"):
        rows = [row for row in rows if not _is_internal(env, row)]
        found &= {row["id"] for row in rows}
    by_record: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["id"] not in found and row.get("model") in env and row.get("res_id"):
            by_record[row["model"]][row["res_id"]].append(row["id"])
    for model, by_id in by_record.items():
        for id_ in usable_records(env, model, list(by_id), mode, strict=strict):
            found.update(by_id[id_])
    return [row for row in rows if row["id"] in found]


def usable_records(env: Environment, model: str, ids: list[int], mode: str, *, strict: bool = False) -> list[int]:
    """Return the ids of the records whose messages the user may use."""
    records = env[model]
    posting_right = getattr(type(records), "_mail_post_access", "write")
    right = {"read": "read", "create": posting_right}.get(mode, "write")
    if strict:
        check_access(records, right)
    elif not allowed(env, model, right):
        return []
    table = env.db.store.rows(model)
    rows = [table[id_] for id_ in ids if id_ in table]
    limit = record_rules.limit(env, model, right)
    return [row["id"] for row in (rows if limit is None else limit.allowed(rows))]


def _answers(env: Environment, row: Row, partner: int) -> bool:
    """Return whether a message answers one that is addressed to the contact."""
    parent = env.db.store.get("mail.message", row.get("parent_id") or 0)
    return parent is not None and bool(env["mail.message"]._addressed([parent], partner))


def _follows(env: Environment, row: Row, partner: int) -> bool:
    rows = env.db.store.rows("mail.followers")
    found = env.db.store.having("mail.followers", "res_id", (row.get("res_id"),))
    return any(rows[i].get("res_model") == row.get("model") and rows[i].get("partner_id") == partner for i in found)


def _is_internal(env: Environment, row: Row) -> bool:
    kind = env.db.store.get("mail.message.subtype", row.get("subtype_id") or 0) or {}
    return bool(row.get("is_internal") or kind.get("internal") or not kind)
