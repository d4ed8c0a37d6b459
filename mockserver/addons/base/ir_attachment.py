"""ir.attachment: contents, and the fields derived from them.

The content is in the row under `datas`, which is not a column: like a file of the real server's file store it cannot
be searched.  Source: 17.0.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import allowed

if TYPE_CHECKING:
    from typing_extensions import Self

UNKNOWN = "application/octet-stream"
# the tables of Python only, not those of the operating system
_BY_NAME = mimetypes.MimeTypes()
_MAGIC = (
    (b"%PDF", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"PK\x03\x04", "application/zip"),
)
_DERIVED = ("file_size", "checksum", "store_fname")


def guess_mimetype(content: bytes) -> str:
    """Return the media type that the first bytes indicate."""
    for magic, mimetype in _MAGIC:
        if content.startswith(magic):
            return mimetype
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    head = content[:1024].lstrip()
    if head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in head):
        return "image/svg+xml"
    if head.startswith(b"<?xml"):
        return "application/xml"
    try:
        text = content[:1024].decode()
    except UnicodeDecodeError:
        return UNKNOWN
    return "text/plain" if text and all(char >= " " or char in "\t\n\r" for char in text) else UNKNOWN


def _take_content(values: dict[str, Any]) -> bytes | None:
    """Remove `raw` and `datas` from written values and return the content; raises binascii.Error for bad base64."""
    raw, datas = values.pop("raw", None), values.pop("datas", None)
    if raw:
        return raw.encode() if isinstance(raw, str) else bytes(raw)
    return base64.b64decode(datas) if datas else None


def _keep_content(attachments: Recordset, content: bytes | None) -> None:
    store = attachments.env.db.store
    for row in attachments._rows():
        kept = {name: value for name, value in row.items() if name != "datas"}
        store.put("ir.attachment", {**kept, "datas": base64.b64encode(content).decode()} if content else kept)


def _derived(content: bytes) -> dict[str, Any]:
    digest = hashlib.sha1(content).hexdigest()
    return {
        "file_size": len(content),
        "checksum": digest,
        "store_fname": f"{digest[:2]}/{digest}" if content else False,
    }


def _mimetype(env: Environment, values: Mapping[str, Any], content: bytes | None) -> str:
    """Return the media type: as given, else by the name, the URL or the content.

    XML and HTML become plain text for users who may not write views.
    """
    found = values.get("mimetype")
    for name in () if found else ("name", "url"):
        found = found or _BY_NAME.guess_type(str(values.get(name) or "").partition("?")[0])[0]
    if not found or found == UNKNOWN:
        found = guess_mimetype(content) if content else UNKNOWN
    risky = "ht" in found or ("xml" in found and "openxmlformats" not in found)
    plain = env.context.get("attachments_mime_plainxml") or not allowed(env, "ir.ui.view", "write")
    return "text/plain" if risky and plain else str(found)


# -- computed fields


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create attachments from `raw` (text or bytes) or `datas` (base64)."""
        made = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            values = {name: value for name, value in vals.items() if name not in _DERIVED}
            content = _take_content(values)
            values["mimetype"] = _mimetype(self.env, values, content)
            attachment = super().create({**values, **(_derived(content) if content else {})})
            _keep_content(attachment, content or None)
            made |= attachment
        return made

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change attachments; new content sets size, checksum and media type."""
        values = {name: value for name, value in vals.items() if name not in _DERIVED}
        replaced = "raw" in values or "datas" in values
        content = _take_content(values)
        if replaced or "mimetype" in values:
            values["mimetype"] = _mimetype(self.env, values, content)
        super().write({**values, **(_derived(content or b"") if replaced else {})})
        if replaced:
            _keep_content(self.exists(), content)
        return True

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate with the same content, unless `default` has another."""
        self.ensure_one()
        values = dict(default or {})
        if not values.keys() & {"datas", "db_datas", "raw"}:
            values["datas"] = self._rows()[0].get("datas") or False
        return super().copy(values)

    def generate_access_token(self) -> list[str]:
        """Return the access token of each attachment; those without one get one."""
        tokens = []
        for attachment in self:
            if not attachment.access_token:
                token = str(uuid.UUID(hex=self.env.db.clock.token(32)))
                attachment.write({"access_token": token})
            tokens.append(attachment.access_token)
        return tokens

    def _compute_datas(self) -> None:
        for attachment in self:
            attachment.datas = attachment._rows()[0].get("datas")

    def _compute_raw(self) -> None:
        for attachment in self:
            attachment.raw = _raw(attachment)

    def _compute_res_name(self) -> None:
        for attachment in self:
            attachment.res_name = _res_name(attachment)

    def _compute_image_src(self) -> None:
        for attachment in self:
            attachment.image_src = _image_src(attachment)

    def _compute_local_url(self) -> None:
        for attachment in self:
            attachment.local_url = attachment.url or f"/web/image/{attachment.id}?unique={attachment.checksum}"


def _raw(attachment: Recordset) -> str | None:
    """Return the content as text; raises UnicodeDecodeError for other bytes, as the real server cannot send them.

    Source: versions.md §2.3.
    """
    datas: str | None = attachment._rows()[0].get("datas")
    if datas is None or attachment.env.context.get("bin_size") or attachment.env.context.get("bin_size_raw"):
        return datas
    return base64.b64decode(datas).decode()


def _res_name(attachment: Recordset) -> str | None:
    """Return the name of the record to which it is attached."""
    row, env = attachment._rows()[0], attachment.env.sudo()
    if row.get("res_model") not in env or not row.get("res_id"):
        return None
    owner = env[row["res_model"]].browse(row["res_id"]).exists()
    return owner.display_name or None if owner else None


def _image_src(attachment: Recordset) -> str | None:
    """Return the URL path of the image, or None."""
    if not str(attachment.mimetype or "").startswith("image/"):
        return None
    if attachment.type == "url":
        return attachment.url or None
    unique = f"-{attachment.checksum[:8]}" if attachment.checksum else ""
    return f"/web/image/{attachment.id}{unique}/{attachment.name}"
