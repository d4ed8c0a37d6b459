"""ir.attachment: contents, and the fields derived from them.

The content is in the row under `datas`, which is not a column: like a file of the real server's file store it cannot
be searched.  Source: 17.0.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, media_types, models
from mockserver.addons.base.ir_attachment_rights import check_use
from mockserver.media_types import UNKNOWN
from mockserver.orm.fields import pictures
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import allowed

if TYPE_CHECKING:
    from typing_extensions import Self

_RESIZED = ("image/png", "image/jpeg", "image/bmp", "image/tiff")
_MAX_SIDE = 1920  # pixels
_DERIVED = ("file_size", "checksum", "store_fname")
_WORDS = re.compile(rb"[\x20-\x7e]{4,}")


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


def _checked(env: Environment, values: dict[str, Any]) -> tuple[dict[str, Any], bytes | None]:
    """Return written values with their media type and without the content, and the content."""
    if "datas" not in env["ir.attachment"]._model.fields:
        values.pop("datas", None)
    known = dict(values)
    content = _take_content(values)
    mimetype = _mimetype(env, known, content)
    if content and mimetype in _RESIZED and not env.context.get("image_no_postprocess"):
        with contextlib.suppress(ValueError):  # no picture, whatever its name says
            content = _resized(content)
    return {**values, "mimetype": mimetype}, content


def _resized(content: bytes) -> bytes:
    """Return a picture that is not larger than the server keeps; one that is small enough stays as it is."""
    if pictures.fits(content, _MAX_SIDE, _MAX_SIDE):
        return content
    return pictures.scaled(content, _MAX_SIDE, _MAX_SIDE, quality=80)


def _derived(content: bytes, mimetype: str) -> dict[str, Any]:
    """Return the values that follow from the content; only texts are indexed, of other files the kind of media."""
    digest = hashlib.sha1(content).hexdigest()
    index = mimetype.partition("/")[0]
    if index == "text":
        index = b"\n".join(_WORDS.findall(content)).decode("ascii")
    return {
        "file_size": len(content),
        "checksum": digest,
        "store_fname": f"{digest[:2]}/{digest}" if content else False,
        "index_content": index,
    }


def _mimetype(env: Environment, values: Mapping[str, Any], content: bytes | None) -> str:
    """Return the media type: as given, else by the name, the URL or the content.

    XML and HTML become plain text for users who may not write views.
    Raises TypeError for a text whose type the content has to tell, as the real server does.
    """
    found = values.get("mimetype")
    for name in () if found else (env.db.profile.rules.file_name_field, "url"):
        found = found or media_types.by_name(str(values.get(name) or "").partition("?")[0])
    if not found or found == UNKNOWN:
        if isinstance(values.get("raw"), str) and values["raw"]:
            raise TypeError("startswith first arg must be str or a tuple of str, not bytes")
        found = media_types.by_content(content) if content else UNKNOWN
    risky = "ht" in found or ("xml" in found and "openxmlformats" not in found)
    # the rights of the user count even where the server itself writes for the user
    plain = env.context.get("attachments_mime_plainxml") or not allowed(env.db.env(env.uid), "ir.ui.view", "write")
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
            values, content = _checked(self.env, values)
            check_use(self.browse(), "create", values)
            attachment = super().create({**values, **(_derived(content, values["mimetype"]) if content else {})})
            _keep_content(attachment, content or None)
            made |= attachment
        return made

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change attachments; new content sets size, checksum and media type."""
        check_use(self, "write", vals)
        values = {name: value for name, value in vals.items() if name not in _DERIVED}
        replaced = "raw" in values or "datas" in values
        content: bytes | None = None
        if replaced or "mimetype" in values:
            values, content = _checked(self.env, values)
        super().write({**values, **(_derived(content or b"", values["mimetype"]) if replaced else {})})
        if replaced:
            _keep_content(self.exists(), content)
        return True

    def unlink(self) -> bool:
        """Delete attachments; it counts as a change of the records to which they are attached."""
        check_use(self, "unlink")
        return super().unlink()

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate with the same content, unless `default` has another."""
        self.ensure_one()
        values = dict(default or {})
        if not values.keys() & {"datas", "db_datas", "raw"}:
            values["raw"] = base64.b64decode(self._rows()[0].get("datas") or "")
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
        """Without content an empty text, or False where the content is not kept as `raw`."""
        empty = "" if "raw" in self._model.fields else False
        for attachment in self:
            attachment.datas = attachment._rows()[0].get("datas") or empty

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


def _raw(attachment: Recordset) -> str | bytes | None:
    """Return the content, which each dialect writes as a text in its own way; in base64 if only its size is read."""
    datas: str | None = attachment._rows()[0].get("datas")
    if datas is None or attachment.env.context.get("bin_size") or attachment.env.context.get("bin_size_raw"):
        return datas
    return base64.b64decode(datas)


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
