"""fields_get, get_metadata and the other methods that describe models and records."""

from __future__ import annotations

import inspect
from collections.abc import Collection
from typing import Any

from mockserver.orm.bulk import group_by as groups
from mockserver.orm.fields.relational import Properties
from mockserver.orm.methods.grouping import known_field
from mockserver.orm.query import properties, values
from mockserver.orm.query.slots import SOURCE
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import check_access, sees
from mockserver.orm.schema import api


def _in_language(records: Recordset, name: str, described: dict[str, Any]) -> dict[str, Any]:
    """Return the label and the choices of a field in the language of the context."""
    env, field = records.env, records._model.fields[name]
    if env.lang == SOURCE:
        return {}
    found: dict[str, Any] = {"string": values.field_label(env, field)}
    if isinstance(described.get("selection"), list):
        found["selection"] = values.translated_selection(env, field)
    return found


def external_ids(record: Recordset) -> list[dict[str, Any]]:
    """Return `[{xmlid, noupdate}]` of one record, oldest first."""
    store = record.env.db.store
    rows = store.rows("ir.model.data")
    return [
        {"xmlid": f"{rows[i]['module']}.{rows[i]['name']}", "noupdate": bool(rows[i].get("noupdate"))}
        for i in sorted(store.having("ir.model.data", "res_id", record._ids))
        if rows[i].get("model") == record._name
    ]


def _names(given: Any) -> Any:
    """Return a list as a set, since a call may send any number of names; anything else as it is."""
    return frozenset(item if isinstance(item, str) else None for item in given) if isinstance(given, list) else given


class Describe(Recordset):
    """Descriptions of models and records."""

    __slots__ = ()

    @api.model
    def fields_get(
        self, allfields: Collection[str] | None = None, attributes: Collection[str] | None = None
    ) -> dict[str, dict[str, Any]]:
        """Return `{field: {attribute: value}}`; unknown names are left out."""
        described = {}
        rules = self.env.db.profile.rules
        allfields, attributes = _names(allfields), _names(attributes)
        for name, field in self._model.fields.items():
            if (allfields and name not in allfields) or not sees(self.env, field):
                continue
            whole = field.describe(values.selection(self.env, field))
            whole |= _in_language(self, name, whole)
            if "group_operator" in whole:
                whole[rules.aggregator] = whole.pop("group_operator")
            whole["groupable"] = groups.groupable(self.env, self._model, field)
            whole["sortable"] |= rules.stored_is_sortable and field.store
            for attribute in rules.not_described:
                whole.pop(attribute, None)
            described[name] = {key: value for key, value in whole.items() if not attributes or key in attributes}
        return described

    def is_transient(self) -> bool:
        """Raise what Python raises on the server: it is a method of the class there, and calls pass records."""
        raise TypeError("BaseModel.is_transient() takes 1 positional argument but 2 were given")

    setattr(is_transient, "__signature__", inspect.Signature())  # noqa: B010  # mypy knows no such attribute

    @api.model(until=16)
    def fields_get_keys(self) -> list[str]:
        """Return the names of the fields."""
        return list(self._model.fields)

    def get_metadata(self) -> list[dict[str, Any]]:
        """Return the log fields and external ids of the records."""
        check_access(self, "read")
        names: list[str] = [
            name for name in ("create_uid", "create_date", "write_uid", "write_date") if name in self._model.fields
        ]
        found: list[dict[str, Any]] = self.read(names or ["id"])
        for row in found:
            xmlids = external_ids(self.browse(row["id"]))
            main = xmlids[0] if xmlids else {"xmlid": False, "noupdate": False}
            row |= {"xmlids": xmlids, **main} if self.env.db.profile.rules.metadata_lists_xmlids else main
        return found

    def get_external_id(self) -> dict[int, str]:
        """Return `{id: "module.name" or ""}`."""
        return {id_: next((x["xmlid"] for x in external_ids(self.browse(id_))), "") for id_ in self._ids}

    @api.versions(since=16, until=16)
    def get_xml_id(self) -> dict[int, str]:
        """Return what `get_external_id` returns; this is its older name."""
        return self.get_external_id()

    @api.model(since=17)
    def get_property_definition(self, full_name: str) -> dict[str, Any]:
        """Return the definition of a property `field.property`: `{name, type, string, …}`, or `{}`."""
        check_access(self, "read")
        field_name, _, property_name = full_name.partition(".")
        field = known_field(self, field_name)
        rows = self.env.db.store.rows(self._name).values()
        for row in rows if isinstance(field, Properties) else ():
            for definition in properties.definitions(self.env, self._model, field, row):
                if definition.get("name") == property_name:
                    return dict(definition)
        return {}
