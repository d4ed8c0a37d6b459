"""What a database should hold after each change, as plain dicts; what Odoo does on its own is written down again.

A deleted parent empties its children's field, a deleted item takes its lines along, a category in use cannot be
deleted, a copy leaves lines, children and `count` behind.  Rows are as the store holds them: no key is NULL.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from mockserver.orm.schema.model import Model

MODELS = [
    Model.define("category", {"name": {"type": "char", "required": True}}, log_access=False),
    Model.define("tag", {"name": {"type": "char"}}, log_access=False),
    Model.define(
        "line",
        {
            "name": {"type": "char", "required": True},
            "item_id": {"type": "many2one", "relation": "item", "ondelete": "cascade"},
        },
        log_access=False,
    ),
    Model.define(
        "item",
        {
            "name": {"type": "char"},
            "active": {"type": "boolean"},
            "count": {"type": "integer", "copy": False},
            "parent_id": {"type": "many2one", "relation": "item"},
            "child_ids": {"type": "one2many", "relation": "item", "relation_field": "parent_id"},
            "line_ids": {"type": "one2many", "relation": "line", "relation_field": "item_id"},
            "category_id": {"type": "many2one", "relation": "category", "ondelete": "restrict"},
            "tag_ids": {"type": "many2many", "relation": "tag"},
        },
        defaults={"active": True},
        log_access=False,
    ),
]
NAMES = [model.name for model in MODELS]
Vals = dict[str, Any]


@dataclass
class Shadow:
    """`rows[model][id]`, and the highest id that each model ever gave."""

    rows: dict[str, dict[int, Vals]] = field(default_factory=lambda: {name: {} for name in NAMES})
    last: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))

    def copy(self) -> Shadow:
        """An independent copy."""
        return copy.deepcopy(self)

    def create(self, model: str, id_: int, vals: Vals) -> None:
        """A record with an id that was never given before."""
        assert id_ > self.last[model], "an id came back"
        self.last[model] = id_
        self.rows[model][id_] = {"id": id_}
        self.write(model, id_, {"active": True, **vals} if model == "item" else vals)

    def write(self, model: str, id_: int, vals: Vals) -> None:
        """Change one record; False and an empty tuple are NULL, but for a boolean."""
        row = self.rows[model][id_]
        for name, value in vals.items():
            row.pop(name, None)
            if (value is not False and value != ()) or name == "active":
                row[name] = value

    def unlink(self, model: str, id_: int) -> bool:
        """Delete one record and what hangs on it; False where it is in use."""
        items = self.rows["item"]
        if model == "category" and any(item.get("category_id") == id_ for item in items.values()):
            return False
        del self.rows[model][id_]
        for item in items.values():
            if model == "item" and item.get("parent_id") == id_:
                del item["parent_id"]
            if model == "tag" and id_ in item.get("tag_ids", ()):
                self.write("item", item["id"], {"tag_ids": tuple(tag for tag in item["tag_ids"] if tag != id_)})
        if model == "item":
            self.rows["line"] = {i: line for i, line in self.rows["line"].items() if line.get("item_id") != id_}
        return True

    def duplicate(self, model: str, id_: int, new: int) -> None:
        """A copy under another id."""
        vals = {name: value for name, value in self.rows[model][id_].items() if name not in ("id", "count")}
        if "tag_ids" in vals:
            vals["tag_ids"] = tuple(sorted(vals["tag_ids"]))
        self.create(model, new, vals)

    def burn(self, sequences: dict[str, int]) -> None:
        """Ids that a failed call took are not given again either."""
        for model in NAMES:
            given = sequences.get(model, 0)
            assert given >= self.last[model]
            self.last[model] = given
