"""ir.translation, until 15: each translated text as a record, which can be created, changed and deleted.

The texts are stored in the rows of the records themselves; see `orm.writing.translation_rows`.
Source: recorded in i18n-base (14.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.fields import html_terms
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.texts import Html
from mockserver.orm.query.slots import slot
from mockserver.orm.records.environment import Environment
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import recompute
from mockserver.orm.writing.translation_rows import TRANSLATION

if TYPE_CHECKING:
    from typing_extensions import Self


class Translation(models.Model):
    _inherit = TRANSLATION

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create translations; each is the text of its record from then on."""
        created = super().create(vals_list)
        for row in created._rows():
            _put(self.env, row, row.get("value"))
        return created

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change translations; the records show the new texts."""
        super().write(vals)
        if not {"value", "src"}.isdisjoint(vals):
            for row in self._rows():
                _put(self.env, row, row.get("value"))
        return True

    def unlink(self) -> bool:
        """Delete translations; the records show their source texts."""
        before = self.exists()._rows()
        super().unlink()
        for row in before:
            _put(self.env, row, None)
        return True


def _target(env: Environment, row: Row) -> tuple[Field, Row] | None:
    """Return the translated field and the row of the record that a translation is about, or None."""
    model, _, name = (row.get("name") or "").partition(",")
    field = env.db.registry[model].fields.get(name) if model in env.db.registry else None
    record = env.db.store.get(model, row.get("res_id") or 0) if field is not None else None
    return (field, record) if field is not None and record is not None and field.translate else None


def _put(env: Environment, row: Row, value: Any) -> None:
    """Write a translation into the row of its record; None deletes it."""
    found = _target(env, row)
    if found is None or not row.get("lang"):
        return
    field, record = found
    key = slot(field, row["lang"])
    if isinstance(field, Html):
        at, text = row.get("src"), record.get(key) or record.get(field.name) or ""
        value = html_terms.replace_terms(text, lambda term: value or at if term == at else term)
    new = {name: v for name, v in record.items() if name != key} | ({key: value} if value else {})
    env.db.store.put(field.model, new)
    ids = {record["id"]}
    recompute.run(env, recompute.dependents(env, field.model, (field.name,), ids))
