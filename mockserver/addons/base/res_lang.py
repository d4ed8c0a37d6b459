"""res.lang: installed languages, and what protects them from changes.

Source: 17.0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.base_language_install import load_terms
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_DIRECTIVE = re.compile(r"%.")
_REFUSED = frozenset(
    "%C %D %e %E %F %g %G %h %k %l %n %O %P %R %r %s %T %t %u %V %+".split()  # noqa: SIM905
)


def _refuse_archiving(langs: Recordset) -> None:
    env = langs.env.sudo()
    codes = [lang.code for lang in langs]
    if env.rows(env["res.users"]._model, [("lang", "in", codes)]):
        raise UserError("Cannot deactivate a language that is currently used by users.")
    if env.rows(env["res.partner"]._model, [("lang", "in", codes)]):
        raise UserError("Cannot deactivate a language that is currently used by contacts.")
    if not env.rows(langs._model, [("id", "not in", langs.ids)]):
        raise ValidationError("At least one language must be active.")


class Lang(models.Model):
    _inherit = "res.lang"

    @api.model
    def get_installed(self) -> list[list[str]]:
        """Return `[[code, name]]` of the active languages, ordered by name."""
        rows = self.env.db.store.rows("res.lang").values()
        return sorted(([row["code"], row["name"]] for row in rows if row.get("active")), key=lambda pair: pair[1])

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create languages; `url_code` is by default the ISO code, or the code."""
        many = isinstance(vals_list, (list, tuple))
        made = []
        for vals in vals_list if many else [vals_list]:
            url_code = vals.get("url_code") or vals.get("iso_code") or vals.get("code")
            made.append({**vals, "url_code": url_code})
        return super().create(made if many else made[0])

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change languages; the code cannot change, and a language in use or the last one cannot be archived."""
        if "code" in vals and any(vals["code"] != lang.code for lang in self):
            raise UserError("Language code cannot be modified.")
        if vals.get("active") is False:
            _refuse_archiving(self)
        return super().write(vals)

    def unlink(self) -> bool:
        """Delete languages, which must be archived and not `en_US`."""
        for lang in self:
            if lang.code == "en_US":
                raise UserError("Base Language 'en_US' can not be deleted.")
            if lang.code == self.env.context.get("lang"):
                raise UserError("You cannot delete the language which is the user's preferred language.")
            if lang.active:
                raise UserError(
                    "You cannot delete the language which is Active!\nPlease de-activate the language first."
                )
        return super().unlink()

    @api.constrains("date_format", "time_format")
    def _check_format(self) -> None:
        """Raise ValidationError for a format of dates or times with an unsupported directive."""
        for lang in self:
            if _REFUSED & set(_DIRECTIVE.findall(f"{lang.date_format or ''} {lang.time_format or ''}")):
                text = (
                    "Invalid date/time format directive specified. Please refer to the list of allowed directives, "
                    "displayed when you edit a language."
                )
                raise ValidationError(self.env._(text))

    @api.constrains("grouping")
    def _check_grouping(self) -> None:
        """Raise ValidationError unless the grouping of digits is a JSON list of numbers."""
        for lang in self:
            if not _is_grouping(lang.grouping):
                text = (
                    "The Separator Format should be like [,n] where 0 < n :starting from Unit digit. -1 will end the "
                    "separation. e.g. [3,2,-1] will represent 106500 to be 1,06,500;[1,2,-1] will represent it to be "
                    "106,50,0;[3] will represent it as 106,500. Provided as the thousand separator in each case."
                )
                raise ValidationError(self.env._(text))

    @api.versions(until=19)
    def toggle_active(self) -> None:
        """Archive active languages; activate archived ones and load their terms."""
        super().toggle_active()
        load_terms(self.env, [lang.code for lang in self if lang.active])

    @api.versions(since=13)
    def action_unarchive(self) -> None:
        """Activate languages and load their terms."""
        super().action_unarchive()
        load_terms(self.env, [lang.code for lang in self])

    def _compute_flag_image_url(self) -> None:
        for lang in self:
            lang.flag_image_url = _flag_image_url(lang)


def _is_grouping(text: Any) -> bool:
    try:
        numbers = json.loads(text or "null")
    except ValueError:
        return False
    return isinstance(numbers, list) and all(isinstance(number, int) for number in numbers)


def _flag_image_url(lang: Recordset) -> str:
    if lang.flag_image:
        return f"/web/image/res.lang/{lang.id}/flag_image"
    return f"/base/static/img/country_flags/{lang.code.lower().rsplit('_')[-1]}.png"
