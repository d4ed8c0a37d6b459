"""The computed fields of res.partner that nothing else rests on: pictures, presence, currency.

Source: 17.0; the document of CloudOffix's API (a partner read with all its fields).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema.compute import compute


def with_website(vals: Any) -> Any:
    """The values, or several, a website without a scheme with that of the web.

    Source: recorded with the REST routes of 1.6.
    """
    if isinstance(vals, (list, tuple)):
        return [with_website(each) for each in vals]
    website = vals.get("website") if isinstance(vals, Mapping) else None
    if not isinstance(website, str) or not website or urlsplit(website).scheme:
        return vals
    return {**vals, "website": f"http://{website.removeprefix('//')}"}


@compute("res.partner", "image_1024", "image_512", "image_256", "image_128", depends=("image_1920",))
def _smaller_image(self: Recordset) -> str | None:
    """Differs: the real server scales the image down; here every size is the original."""
    return self._rows()[0].get("image_1920")


@compute("res.partner", "image_medium", "image_small", depends=("image",))
def _small_image(self: Recordset) -> str | None:
    """Differs: the real server scales the image down; here every size is the original."""
    return self._rows()[0].get("image")


@compute("res.partner", "avatar_1920", "avatar_1024", "avatar_512", "avatar_256", "avatar_128")
def _avatar(self: Recordset) -> str | None:
    """Differs: the real server draws initials where there is no image."""
    return self._rows()[0].get("image_1920")


@compute("res.partner", "currency_id")
def _currency(self: Recordset) -> int | None:
    """The currency of the company of who asks."""
    return self.env.sudo().company.currency_id.id or None


@compute("res.partner", "tz_offset")
def _tz_offset(self: Recordset) -> str:
    """`+0530`: the zone's present distance from UTC."""
    return self.env.db.clock.moment().astimezone(ZoneInfo(self.tz or "UTC")).strftime("%z")


@compute("res.partner", "im_status")
def _im_status(self: Recordset) -> str:
    """`offline` for one with a user, who is not watched here; `im_partner` for one without."""
    store = self.env.db.store
    users = store.having("res.users", "partner_id", self._ids)
    return "offline" if users else "im_partner"
