"""The content of a record's binary field as a file: access rights, name, type and ETag.

Source: versions.md §1.4; rest-muk §3; the source of Odoo 17.0 (ir.binary, ir.attachment).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from mockserver import media_types
from mockserver.addons.base.ir_attachment_rights import check_use
from mockserver.clock import DATETIME_FORMAT
from mockserver.errors import AccessError, MissingError, UserError
from mockserver.orm.fields.binary import Binary
from mockserver.orm.records.environment import Environment
from mockserver.services.auth import same_secret

ATTACHMENT = "ir.attachment"
_CONTENTS = ("datas", "raw", "db_datas")  # fields of an attachment that are its content


@dataclass(frozen=True)
class FileReference:
    """A request for a file: a record, by `xmlid` or by `model` and `id`, and one of its binary fields.

    An empty text means the version's default.
    """

    model: str = ATTACHMENT
    id: int | None = None
    xmlid: str = ""
    field: str = ""
    filename: str = ""
    filename_field: str = ""
    mimetype: str = ""
    access_token: str = ""


@dataclass(frozen=True)
class File:
    """A file: `etag` without quotes, `modified` timezone-aware and in UTC, `public` if everybody may read it.

    `url` is the address of the content, if the attachment has only an address.
    """

    content: bytes
    name: str
    mimetype: str
    etag: str
    modified: datetime | None = None
    public: bool = False
    url: str = ""


def locate(env: Environment, reference: FileReference) -> tuple[str, int] | None:
    """Return `(model, id)` of the record, if it exists; access rights are not checked."""
    model, id_ = reference.model, reference.id
    if reference.xmlid:
        found = env.ref(reference.xmlid, raise_if_not_found=False)
        if not found:
            return None
        model, id_ = found._name, found._ids[0]
    if id_ is None or model not in env or env.db.store.get(model, id_) is None:
        return None
    return model, id_


def read_file(env: Environment, reference: FileReference) -> File:
    """Return the file.

    Raises MissingError if there is no record or no content, AccessError, and UserError if the field is not binary.
    """
    with env.db.transaction():
        found = locate(env, reference)
        if found is None:
            which = reference.xmlid or f"{reference.model},{reference.id}"
            raise MissingError(f"No record found for {which!r}")
        model, id_ = found
        name = reference.field or env.db.profile.rules.content_field
        field = env.db.registry[model].fields.get(name)
        if field is None:
            raise UserError(f"Record has no field {name!r}.")
        if not isinstance(field, Binary):
            raise UserError(f"The field {name!r} of {model} is of type {field.type!r}; only binary fields hold files.")
        if model == ATTACHMENT and name in _CONTENTS:
            return _attachment(env, id_, reference)
        return _field(env, model, id_, name, reference)


def _attachment(env: Environment, id_: int, reference: FileReference) -> File:
    row = env.db.store.rows(ATTACHMENT)[id_]
    if reference.access_token:
        if not same_secret(row.get("access_token") or "", reference.access_token):
            raise AccessError("Invalid access token")
    elif not row.get("public"):
        check_use(env[ATTACHMENT].browse(id_), "read")
    content = base64.b64decode(row.get("datas") or "")
    url = (row.get("url") or "") if not content else ""
    if not content and not url and not env.db.profile.rules.empty_attachment_is_file:
        raise MissingError("The attachment has no content.")
    mimetype = reference.mimetype or row.get("mimetype") or media_types.by_content(content)
    values = {"id": id_, **row}
    name = _file_name(env, ATTACHMENT, reference, values, reference.field or "datas", mimetype)
    public = bool(row.get("public") or reference.access_token)
    return File(content, name, mimetype, row.get("checksum") or digest(content), _modified(row), public, url)


def _field(env: Environment, model: str, id_: int, field: str, reference: FileReference) -> File:
    naming = reference.filename_field or env.db.profile.rules.file_name_field
    names = [field, naming] if naming in env.db.registry[model].fields else [field]
    [values] = env[model].browse(id_).call("read", names)
    if not values[field]:
        raise MissingError("The field is empty.")
    content = base64.b64decode(values[field])
    kept = _attached(env, model, id_, field)
    mimetype = reference.mimetype or kept.get("mimetype") or media_types.by_content(content)
    own_name = {naming: kept.get("name")} if env.db.profile.rules.files_inline else {}
    name = _file_name(env, model, reference, {**own_name, **values}, field, mimetype)
    return File(content, name, mimetype, digest(content), _modified(env.db.store.rows(model)[id_]))


def _attached(env: Environment, model: str, id_: int, field: str) -> Mapping[str, Any]:
    """Return the row of the attachment that holds the field's content; empty if there is none."""
    rows = env.db.store.rows(ATTACHMENT)
    found = (rows[at] for at in env.db.store.having(ATTACHMENT, "res_id", (id_,)))
    return next((row for row in found if (row.get("res_model"), row.get("res_field")) == (model, field)), {})


def digest(content: bytes) -> str:
    """Return the checksum that serves as ETag."""
    return hashlib.sha1(content).hexdigest()


def _file_name(
    env: Environment, model: str, reference: FileReference, values: Mapping[str, Any], field: str, mimetype: str
) -> str:
    rules = env.db.profile.rules
    named = values.get(reference.filename_field or rules.file_name_field)
    name = reference.filename or (named if isinstance(named, str) else "")
    if not name:
        name = rules.nameless_file.format(model=model, table=model.replace(".", "_"), id=values["id"], field=field)
    name = name.replace("\r", "_").replace("\n", "_")
    if mimetype != media_types.UNKNOWN and not media_types.has_extension(name):
        name += media_types.extension_of(mimetype)
    return name


def _modified(row: Mapping[str, Any]) -> datetime | None:
    text = row.get("write_date") or row.get("create_date")
    return datetime.strptime(text[:19], DATETIME_FORMAT).replace(tzinfo=timezone.utc) if text else None
