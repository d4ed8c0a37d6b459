"""The computed fields of res.partner that no other code depends on: pictures, presence, currency.

Source: 17.0; the document of CloudOffix's API (a partner read with all its fields).
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from mockserver import api, models
from mockserver.orm.fields.pictures import grey_png, initial_svg
from mockserver.orm.records.environment import Environment
from mockserver.orm.storage.store import Row


def with_website(vals: Any) -> Any:
    """Return the values, or a list of them, with `http://` before a website without a scheme.

    Source: recorded with the REST routes of 1.6.
    """
    if isinstance(vals, (list, tuple)):
        return [with_website(each) for each in vals]
    website = vals.get("website") if isinstance(vals, Mapping) else None
    if not isinstance(website, str) or not website or urlsplit(website).scheme:
        return vals
    return {**vals, "website": f"http://{website.removeprefix('//')}"}


class Partner(models.Model):
    _inherit = "res.partner"

    @api.depends("image")
    @api.computes("image_medium", "image_small")
    def _compute_small_images(self) -> None:
        """Differs: the real server fills them up to a square."""
        for partner in self:
            partner.image_medium = partner.image_small = partner._rows()[0].get("image")

    @api.computes("avatar_1920", "avatar_1024", "avatar_512", "avatar_256", "avatar_128")
    def _compute_avatars(self) -> None:
        """The image; without one the initial of a user's name, or the same picture for all other contacts.

        Differs: the real server has pictures for companies and for addresses.
        """
        rows, users = self._rows(), self.env.db.store.index("res.users", "partner_id")
        plain = [row for row in rows if not row.get("image_1920")]
        drawn = {row["id"]: _drawn_avatar(self.env, row, users.get(row["id"], ())) for row in plain}
        for size in (1920, 1024, 512, 256, 128):
            found = {row["id"]: row.get(f"image_{size}") or drawn.get(row["id"], "") for row in rows}
            self._assign_each(f"avatar_{size}", found)

    def _compute_currency_id(self) -> None:
        """The currency of the current company."""
        self.currency_id = self.env.sudo().company.currency_id.id or None

    @api.versions(since=19)
    @api.depends("parent_id")
    def _compute_lang(self) -> None:
        """The language of the company; a contact of none keeps its own.  Source: recorded in json2-values (19.0)."""
        for partner in self:
            own = partner._rows()[0].get("lang")
            partner.lang = (partner.parent_id.lang or partner.env.lang) if partner.parent_id else own

    @api.versions(until=18)
    @api.onchange("parent_id")
    def _onchange_parent_id_for_lang(self) -> None:
        """Inferred: forms of older versions suggest the language that 19 computes."""
        if self.parent_id:
            self.lang = self.parent_id.lang or self.env.lang

    def _compute_tz_offset(self) -> None:
        """The time zone's present offset from UTC, as `+0530`."""
        moment = self.env.db.clock.moment()
        zones = dict(zip(self._ids, self._held("tz"), strict=True))
        offsets = {tz: moment.astimezone(ZoneInfo(tz[0] or "UTC")).strftime("%z") for tz in set(zones.values())}
        self._assign_each("tz_offset", {id_: offsets[tz] for id_, tz in zones.items()})

    def _compute_im_status(self) -> None:
        """`offline` for a partner with a user, whose presence is not tracked, else `im_partner`."""
        of_users = self.env.db.store.index("res.users", "partner_id")
        self._assign_each("im_status", {id_: "offline" if id_ in of_users else "im_partner" for id_ in self._ids})


def _drawn_avatar(env: Environment, row: Row, users: Collection[int]) -> str:
    """Return the picture of a partner with such users and without a picture, as rows hold it."""
    if users and row.get("name") and any(not user.share for user in env.sudo()["res.users"].browse(users)):
        return base64.b64encode(initial_svg(row["name"])).decode()
    return _grey_square()


@functools.cache
def _grey_square() -> str:
    return base64.b64encode(grey_png(180, 180)).decode()
