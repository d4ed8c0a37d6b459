"""The attachments that hold the contents of binary fields: one for each record and field that has a content.

Rows of the record hold the content too, so that reading needs no attachment.  Differs: an attachment of a field that is
itself written does not change the field.
Source: recorded in attach-images (17.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockserver.orm.fields.binary import Image

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset
    from mockserver.orm.schema.model import Model

ATTACHMENT = "ir.attachment"


def keep(env: Environment, model: Model, ids: Iterable[int], names: Iterable[str]) -> None:
    """Create, change or delete the attachments of these fields as the records' rows have them now."""
    every = env.db.profile.rules.binary_attached
    names = [name for name in names if name in model.attached and (every or isinstance(model.fields[name], Image))]
    if not names or ATTACHMENT not in env or model.name == ATTACHMENT:
        return
    attachments = env.sudo().with_context({"image_no_postprocess": True})[ATTACHMENT]
    rows = env.db.store.rows(model.name)
    for id_ in ids:
        for name in names:
            held, content = _held(attachments, model.name, id_, name), rows[id_].get(name)
            if held and content:
                held.write({"datas": content})
            elif held:
                held.unlink()
            elif content:
                values = {"name": name, "res_model": model.name, "res_field": name, "res_id": id_, "datas": content}
                attachments.create({**values, "type": "binary"})


def _held(attachments: Recordset, model: str, id_: int, name: str) -> Recordset:
    """Return the attachment of a record's field, an empty recordset if there is none."""
    store = attachments.env.db.store
    rows = store.rows(ATTACHMENT)
    found = store.having(ATTACHMENT, "res_id", (id_,))
    return attachments.browse(
        [at for at in found if (rows[at].get("res_model"), rows[at].get("res_field")) == (model, name)]
    )
