"""The values that the search panel of the web client offers for a field.

Source: versions.md §6.2; Odoo's source of 18.0; recorded in web-dataset (17.0) and json2-values (19.0).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockserver.errors import UserError
from mockserver.orm.bulk import group_by as groups
from mockserver.orm.fields.base import Field, Selection
from mockserver.orm.fields.relational import Many2many, Many2one
from mockserver.orm.methods.grouping import formatter
from mockserver.orm.query import domain as domains, values
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api

TOO_MANY = "Too many items to display."
# value of the field → {"id", "display_name", "__count"}
Image = dict[Any, dict[str, Any]]


def _both(*parts: Any) -> list[Any]:
    """Return the domains joined by `&`."""
    return [token for part in parts for token in domains.normalize(part or [])]


class _Panel:
    """What one call asks for: the values of a field among some records, with counts or without."""

    def __init__(self, records: Recordset, field: Field, options: Mapping[str, Any], extra: Any = ()) -> None:
        self.records, self.field, self.options = records, field, options
        self.searched = options.get("search_domain") or []
        self.extra = _both(options.get("category_domain"), options.get("filter_domain"), extra)
        self.counted, self.expand = bool(options.get("enable_counters")), bool(options.get("expand"))
        self.limit: int | None = options.get("limit") or None

    def image(self, *, limited: bool = False) -> Image:
        """Return the values that the records have; with counters, each has the number of its records."""
        if self.expand:
            return self._grouped(_both(self.searched, self.extra))
        found = self._grouped(self.searched, self.limit if limited else None)
        counts = self._grouped(_both(self.searched, self.extra)) if self.counted and self.extra else found
        return {
            value: {**item, "__count": counts[value]["__count"] if value in counts else 0} if self.counted else item
            for value, item in found.items()
        }

    def _grouped(self, domain: Any, limit: int | None = None) -> Image:
        name = self.field.name
        found = groups.grouped(self.records, _both(domain, [(name, "!=", False)]), [name], [groups.COUNT], name)
        found = found[:limit]
        show = formatter(self.records, name, [value for value, _ in found])
        labels = dict(values.translated_selection(self.records.env, self.field) or ())
        image = {}
        for value, count in found:
            shown = show(value)[0]
            id_, label = shown if isinstance(shown, list) else (shown, labels.get(shown, shown))
            image[id_] = {"id": id_, "display_name": label, "__count": count}
        return image

    def counts(self, image: Image, value: Any) -> dict[str, int]:
        """Return the count of a value, as the last key of its answer."""
        return {"__count": image[value]["__count"] if value in image else 0} if self.counted else {}

    def plain(self, image: Image) -> list[dict[str, Any]]:
        """Return the values of an image as they are answered."""
        return [{key: item[key] for key in item if key != "__count" or self.counted} for item in image.values()]

    def choices(self) -> list[dict[str, Any]]:
        """Return the values of a selection field."""
        image = self.image() if self.counted or not self.expand else {}
        if not self.expand:
            return self.plain(image)
        choices = values.translated_selection(self.records.env, self.field) or ()
        return [{"id": value, "display_name": label, **self.counts(image, value)} for value, label in choices]

    def targets(self, names: list[str], condition: list[Any]) -> list[dict[str, Any]] | None:
        """Return the records of the comodel that the answer lists; None if they reach the limit."""
        comodel = self.records.env[self.field.comodel].with_context(hierarchical_naming=False)
        domain = _both(self.options.get("comodel_domain"), condition)
        found: list[dict[str, Any]] = comodel.search_read(domain, ["display_name", *names], 0, self.limit)
        return None if self._reached(found) else found

    def _reached(self, found: Any) -> bool:
        return bool(self.limit) and len(found) == self.limit

    def all_of_image(self) -> list[dict[str, Any]] | None:
        """Return the values of the image as they are answered; None if they reach the limit."""
        image = self.image(limited=True)
        return None if self._reached(image) else self.plain(image)

    def categories(self) -> dict[str, Any]:
        """Return the values of a many2one as a tree, if the comodel is one."""
        comodel = self.records.env.db.registry[self.field.comodel]
        tree = self.options.get("hierarchize", True) and comodel.parent_name in comodel.fields
        parent = comodel.parent_name if tree else None
        if not (self.expand or parent or self.options.get("comodel_domain")):
            items = self.all_of_image()
            return {"error_msg": TOO_MANY} if items is None else {"parent_field": False, "values": items}
        image = self.image() if self.counted or not self.expand else {}
        wanted = [] if self.expand else [("id", "parent_of" if parent else "in", list(image))]
        found = self.targets([parent] if parent else [], wanted)
        if found is None:
            return {"error_msg": TOO_MANY}
        if parent:
            found = _closed(found, parent, [row["id"] for row in found] if self.expand else image)
        items = []
        for row in found:
            above = {parent: row[parent] and row[parent][0]} if parent else {}
            items.append(
                {"id": row["id"], "display_name": row["display_name"], **above, **self.counts(image, row["id"])}
            )
        if parent and self.counted:
            _add_counts_of_children(items, parent)
        return {"parent_field": parent or False, "values": items}

    def filters(self) -> dict[str, Any]:
        """Return the values of a many2one or a many2many, which may be in groups."""
        linked, grouped = isinstance(self.field, Many2many), self.options.get("group_by")
        if not (self.expand or grouped or linked or self.options.get("comodel_domain")):
            items = self.all_of_image()
            return {"error_msg": TOO_MANY} if items is None else {"values": items}
        image = self.image() if self.counted or not self.expand else {}
        found = self.targets([grouped] if grouped else [], [] if self.expand else [("id", "in", list(image))])
        if found is None:
            return {"error_msg": TOO_MANY}
        items = []
        for row in found:
            item = {"id": row["id"], "display_name": row["display_name"]}
            if grouped:
                item |= _group_of(self.records.env[self.field.comodel], grouped, row[grouped])
            item |= self._own_count(item) if linked else self.counts(image, row["id"])
            items.append(item)
        return {"values": items}

    def _own_count(self, item: Mapping[str, Any]) -> dict[str, int]:
        """Return the count of one value of a many2many, under the conditions of its group."""
        if not self.counted:
            return {}
        more = (
            (self.options.get("group_domain") or {}).get(json.dumps(item["group_id"])) if "group_id" in item else None
        )
        domain = _both(self.searched, [(self.field.name, "in", [item["id"]])], self.extra, more)
        return {"__count": len(self.records.env.rows(self.records._model, domain))}


def _closed(found: list[dict[str, Any]], parent: str, ids: Any) -> list[dict[str, Any]]:
    """Return the records that are ids or ancestors of ids, without those of which an ancestor is missing."""
    known = {row["id"]: row for row in found}
    kept: set[int] = set()
    for id_ in ids:
        chain: list[int] = []
        while id_ in known and id_ not in chain:
            chain.append(id_)
            id_ = known[id_][parent] and known[id_][parent][0]
        kept.update(() if id_ else chain)
    return [row for row in found if row["id"] in kept]


def _add_counts_of_children(items: list[dict[str, Any]], parent: str) -> None:
    by_id = {item["id"]: item for item in items}
    for count, above in [(item["__count"], item[parent]) for item in items]:
        while above:
            by_id[above]["__count"] += count
            above = by_id[above][parent]


def _group_of(comodel: Recordset, name: str, value: Any) -> dict[str, Any]:
    """Return the id and the label of the group to which a record of the comodel belongs."""
    if not value:
        return {"group_id": False, "group_name": comodel.env._("Not Set")}
    labels = dict(values.translated_selection(comodel.env, comodel._model.fields[name]) or ())
    id_, label = value if isinstance(value, (list, tuple)) else (value, labels.get(value, value))
    return {"group_id": id_, "group_name": label}


class SearchPanel(Recordset):
    """Categories and filters of the search panel."""

    __slots__ = ()
    _declared_by = "Base"  # the class that errors of Python name

    @api.model(since=13)
    def search_panel_select_range(self, field_name: str, **kwargs: Any) -> dict[str, Any]:
        """Return `{"parent_field": name or False, "values": [{"id", "display_name", parent, "__count"}]}`.

        Keywords: `search_domain`, `category_domain`, `filter_domain`, `comodel_domain`, `enable_counters`, `expand`,
        `hierarchize`, `limit`.  The answer is `{"error_msg"}` if there are as many values as the limit.
        """
        field = self._model.fields[field_name]
        if not isinstance(field, (Many2one, Selection)):
            raise UserError(f"Only types many2one, selection are supported for category (found type {field.type})")
        panel = _Panel(self, field, kwargs)
        return panel.categories() if isinstance(field, Many2one) else {"parent_field": False, "values": panel.choices()}

    @api.model(since=13)
    def search_panel_select_multi_range(self, field_name: str, **kwargs: Any) -> dict[str, Any]:
        """Return `{"values": [{"id", "display_name", "group_id", "group_name", "__count"}]}`.

        Keywords as of `search_panel_select_range`; `group_by` is a field of the comodel, and `group_domain` more
        conditions for the counts: a domain, or for a many2many one for each group's id as JSON.
        """
        field = self._model.fields[field_name]
        if not isinstance(field, (Many2one, Many2many, Selection)):
            kinds = ["many2one", "many2many", "selection"]
            raise UserError(f"Only types {kinds} are supported for filter (found type {field.type})")
        if isinstance(field, Selection):
            return {"values": _Panel(self, field, kwargs).choices()}
        return _Panel(self, field, kwargs, kwargs.get("group_domain") if isinstance(field, Many2one) else ()).filters()
