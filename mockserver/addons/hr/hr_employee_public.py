"""hr.employee.public: what everybody may read of employees; and hr.employee for those who may read no more.

Source: recorded in flow-hr-1, flow-rights-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mockserver import api, models
from mockserver.errors import AccessError
from mockserver.orm.query import values
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import allowed, check_fields
from mockserver.orm.storage.store import Row

PUBLIC = "hr.employee.public"


class EmployeePublic(models.Model):
    _inherit = PUBLIC

    def _query_rows(self) -> Iterator[Row]:
        """Return a row for each employee, of the same id."""
        env = self.env
        employees = env.db.registry["hr.employee"]
        names = [field.name for field in self._model.columns if field.name in employees.fields]
        for row in env.db.store.rows("hr.employee").values():
            found = {name: _value(env["hr.employee"], name, row) for name in names}
            yield {**found, "employee_id": row["id"], "id": row["id"], "name": row.get("name")}

    def _compute_employee_id(self) -> None:
        for employee in self:
            employee.employee_id = employee.id

    def _compute_is_manager(self) -> None:
        own = self.env.user.employee_id
        for employee in self:
            employee.is_manager = bool(own) and own.id == employee.parent_id.id


def _value(employees: Recordset, name: str, row: Row) -> Any:
    field = employees._model.fields[name]
    return row.get(name) if field.column else values.value(employees.env, employees._model, field, row)


def _is_private(employees: Recordset) -> bool:
    """Return whether the user may read employees themselves."""
    return PUBLIC not in employees.env or allowed(employees.env, employees._name, "read")


class Employee(models.Model):
    _inherit = "hr.employee"

    def read(self, fields: Iterable[str] | None = None, load: Any = "_classic_read") -> list[dict[str, Any]]:
        """Read employees; who may not, reads what is public of them."""
        if _is_private(self):
            return super().read(fields, load)
        names = list(fields or ())
        public = self.env[PUBLIC].browse(self._ids)
        if not self.env.db.profile.rules.private_fields_named:
            check_fields(self, "read", names)
        private = [name for name in names if name not in public._model.fields]
        if private:
            text = "The fields “{}”, which you are trying to read, are not available for employee public profiles."
            raise AccessError(text.format(",".join(private)))
        return public.read(names or None, load)

    def _check_readable(self) -> None:
        """What is public of employees may be read."""
        if _is_private(self):
            super()._check_readable()

    @api.model(since=19, name="search")
    def search_19(self, domain: Any, offset: Any = 0, limit: Any = None, order: str | None = None) -> Any:
        """Search employees; the names of the arguments are those that JSON-2 checks."""
        if _is_private(self):
            return super().search(domain, offset, limit, order)
        return self.browse(self.env[PUBLIC].search(domain, offset, limit, order).ids)

    @api.model(until=18)
    def search(self, *args: Any, **kwargs: Any) -> Any:
        """Search employees; who may not read them, searches in what is public of them."""
        if _is_private(self):
            return super().search(*args, **kwargs)
        found = self.env[PUBLIC].search(*args, **kwargs)
        return self.browse(found.ids) if isinstance(found, Recordset) else found

    @api.model(since=19, name="search_count")
    def search_count_19(self, domain: Any, limit: Any = None) -> int:
        """Count employees; see `search`."""
        if _is_private(self):
            return super().search_count(domain, limit)
        return self.env[PUBLIC].search_count(domain, limit)

    @api.model(until=18)
    def search_count(self, *args: Any, **kwargs: Any) -> int:
        """Count employees; see `search`."""
        return (
            super().search_count(*args, **kwargs)
            if _is_private(self)
            else self.env[PUBLIC].search_count(*args, **kwargs)
        )

    @api.model
    def search_read(self, domain: Any = None, fields: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Search and read employees; see `search` and `read`."""
        if _is_private(self):
            return super().search_read(domain, fields, *args, **kwargs)
        rows = {row["id"]: row for row in self.search(domain or [], *args, **kwargs).read(fields)}
        return list(rows.values())

    @api.model
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None, order: Any = None
    ) -> list[int]:
        """Return the ids of the employees whose name matches; see `search`."""
        if _is_private(self):
            return super()._name_search(name, domain, operator, limit, order)
        return self.env[PUBLIC]._name_search(name, domain, operator, limit, order)
