"""The keys under which a row holds the value of a field: one key, or one for each language or company.

A row's key `name` holds the source text, in `en_US`, and `name@fr_FR` its translation; a missing translation reads as
the source.  A value for one company is under `name@3`, where 3 is the company's id, a value for every company under
`name`; without either, the field's default for the company applies.  A stored None overrides the default.
Source: recorded in i18n-* (14.0–19.0) and companies-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.query.company_defaults import company_default
from mockserver.orm.query.conditions import Condition
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

SOURCE = "en_US"
Getter = Callable[[Row], Any]


def varies(field: Field) -> bool:
    """Return whether the value of the field depends on the language or the company."""
    return (field.translate or field.company_dependent) and field.column


def slot(field: Field, variant: str | int) -> str:
    """Return the key for the value in a language or a company."""
    return f"{field.name}@{variant}"


def slots_of(field: Field, row: Row) -> dict[str, Any]:
    """Return `{language or company id as text: value}` from a row's keys for a field, without the key `name`."""
    before = slot(field, "")
    return {key[len(before) :]: value for key, value in row.items() if key.startswith(before)}


def plain(env: Environment, field: Field) -> bool:
    """Return whether this environment reads only the key `name`."""
    return not (field.company_dependent or (field.translate and env.lang != SOURCE))


def getter(env: Environment, field: Field) -> Getter:
    """Return the function that gets the value of a column, as in_environment in this environment, from a row."""
    name = field.name
    if field.company_dependent:
        return _company_getter(env, field)
    if plain(env, field):
        return lambda row: row.get(name)
    translated = slot(field, env.lang)
    return lambda row: row.get(translated, row.get(name))


def current_company(env: Environment) -> int:
    """Return the id of the company whose values apply; until 13, `force_company` in the context overrides it."""
    if env.context.get("force_company") and env.db.profile.rules.force_company:
        return int(env.context["force_company"])
    return env.company_id


def _company_getter(env: Environment, field: Field) -> Getter:
    company = current_company(env)
    name, own = field.name, slot(field, company)
    default = company_default(env, field, company)
    if not isinstance(field, Many2one):
        return lambda row: row.get(own, row.get(name, default))
    targets = env.db.store.rows(field.comodel)

    def target(row: Row) -> Any:
        # there is no foreign key, so the record may have been deleted
        found = row.get(own, row.get(name, default))
        return found if found in targets else None

    return target


def get(env: Environment, field: Field, row: Row) -> Any:
    """Return the value of a column in one row, as in_environment in this environment."""
    if field.company_dependent:
        return _company_value(env, field, row)
    found = row.get(field.name)
    if field.translate and (lang := env.lang) != SOURCE:
        return row.get(slot(field, lang), found)
    return found


def _company_value(env: Environment, field: Field, row: Row) -> Any:
    """Return the value of one row in the current company; the default is only looked for if there is none."""
    company = current_company(env)
    key = next((key for key in (slot(field, company), field.name) if key in row), None)
    found = company_default(env, field, company) if key is None else row[key]
    # there is no foreign key, so the record may have been deleted
    return found if not isinstance(field, Many2one) or found in env.db.store.rows(field.comodel) else None


def in_environment(env: Environment, field: Field, condition: Condition) -> Condition:
    """Return the condition, applied to the value of the field as in_environment in this environment."""
    if not field.column or plain(env, field):
        return condition
    name, view = field.name, getter(env, field)

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        found = {row["id"] for row in condition.filter([{"id": row["id"], name: view(row)} for row in rows])}
        return [row for row in rows if row["id"] in found]

    return Condition(keep, cost=4, weight=1 + condition.weight)
