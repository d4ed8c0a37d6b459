"""ir.default: default values that users and companies choose, as JSON.

Source: 17.0; recorded in misc-config (17.0).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.numbers import Integer
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing import parts
from mockserver.orm.writing.defaults import chosen_defaults

_OUT_OF_BOUNDS = " is out of bounds (integers should be between -2,147,483,648 and 2,147,483,647)"


def _field(self: Recordset, model_name: str, field_name: str) -> Field:
    if model_name in self.env and field_name in self.env[model_name]._model.fields:
        return self.env[model_name]._model.fields[field_name]
    raise ValidationError(f"Invalid field {model_name}.{field_name}")


def _check(self: Recordset, field: Field, model_name: str, value: Any) -> None:
    """Raise ValidationError for a value that the field cannot hold."""
    refused = f"Invalid value for {model_name}.{field.name}: {value}"
    if isinstance(field, Integer) and isinstance(value, int) and abs(value + 0.5) > 2**31:
        raise ValidationError(refused + _OUT_OF_BOUNDS)
    if field.relational and value and isinstance(value, str):
        raise ValidationError(refused)
    try:
        if not field.x2many:
            parts.stored(self.env, field, value, creating=False)
    except Exception:
        raise ValidationError(refused) from None


def _field_id(self: Recordset, model_name: str, field_name: str) -> int:
    domain = [("model", "=", model_name), ("name", "=", field_name)]
    found = self.sudo().env["ir.model.fields"].search(domain, limit=1)
    return found.id or 0


def _scope(self: Recordset, field_id: int, user_id: Any, company_id: Any, condition: Any) -> dict[str, Any]:
    return {
        "field_id": field_id,
        "user_id": self.env.uid if user_id is True else user_id,
        "company_id": self.env.company.id if company_id is True else company_id,
        "condition": condition,
    }


def _in_scope(self: Recordset, scope: dict[str, Any]) -> Recordset:
    found: Recordset = self.search([(name, "=", value) for name, value in scope.items()], limit=1)
    return found


class IrDefault(models.Model):
    _inherit = "ir.default"

    @api.model
    def set(
        self,
        model_name: str,
        field_name: str,
        value: Any,
        user_id: Any = False,
        company_id: Any = False,
        condition: Any = False,
    ) -> bool:
        """Set the default of a field for everybody, or for a user, a company, or both; True is the current one."""
        _check(self, _field(self, model_name, field_name), model_name, value)
        scope = _scope(self, _field_id(self, model_name, field_name), user_id, company_id, condition)
        known, text = _in_scope(self, scope), json.dumps(value, ensure_ascii=False)
        if not known:
            self.create({**scope, "json_value": text})
        elif known.json_value != text:
            known.write({"json_value": text})
        return True

    @api.model(until=16)
    def get(
        self, model_name: str, field_name: str, user_id: Any = False, company_id: Any = False, condition: Any = False
    ) -> Any:
        """Return the default of a field in exactly that scope, or None."""
        field_id = _field_id(self, model_name, field_name)
        known = _in_scope(self, _scope(self, field_id, user_id, company_id, condition))
        return json.loads(known.json_value) if known else None

    @api.model(until=16)
    def get_model_defaults(self, model_name: str, condition: Any = False) -> dict[str, Any]:
        """Return `{field: default}` for the current user and company."""
        return chosen_defaults(self.env, model_name, condition or None)

    @api.model
    def discard_values(self, model_name: str, field_name: str, values: Iterable[Any]) -> bool:
        """Delete the defaults of a field that are one of the values."""
        texts = [json.dumps(value, ensure_ascii=False) for value in values]
        field_id = _field_id(self, model_name, field_name)
        return self.search([("field_id", "=", field_id), ("json_value", "in", texts)]).unlink()

    @api.constrains("json_value")
    def _check_json_format(self) -> None:
        for record in self:
            try:
                json.loads(record.json_value)
            except ValueError:
                raise ValidationError("Invalid JSON format in Default Value field.") from None
