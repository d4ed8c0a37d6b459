"""What rows must satisfy: mandatory fields, foreign keys, unique and check constraints, `@api.constrains` methods.

Source: versions.md §9.6; recorded in core-types, core-commands, core-errors (17.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING, Any

from mockserver.errors import DatabaseError, UserError, ValidationError
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2many
from mockserver.orm.query import hierarchy
from mockserver.orm.schema.model import Constraint, Model
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import checks, driver_text

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset

_PREFIX = "The operation cannot be completed: "


def check_table(model: Model, action: str) -> None:
    """Raise the database's error for a change of a model without a table."""
    if not model.auto:
        raise DatabaseError("errors.ObjectNotInPrerequisiteState", f'cannot {action} view "{model.table}"\n')


def check_rows(env: Environment, model: Model, ids: Iterable[int], written: Set[str] | None = None) -> None:
    """Check rows against the constraints of the table; `written` limits the check to what those fields touch."""
    rows = env.db.store.rows(model.name)
    # values for each company are never mandatory
    required = [f for f in model.required_columns if _touched(written, f.name) and not f.company_dependent]
    checked = [c for c in model.constraints if c.check or (c.unique and (c.where or _touched(written, *c.unique)))]
    for id_ in ids if required or checked else ():
        row = rows.get(id_)
        if row is None:
            continue
        for field in required:
            if row.get(field.name) is None:
                raise _empty(env, model, field, row)
        for constraint in checked:
            if constraint.check and not checks.allows(constraint.check, row):
                raise _broken(env, model, constraint, driver_text.check(model, constraint, row))
            if constraint.unique:
                _check_unique(env, model, constraint, row)


def _touched(written: Set[str] | None, *names: str) -> bool:
    return written is None or not written.isdisjoint(names)


def _empty(env: Environment, model: Model, field: Field, row: Row) -> ValidationError:
    driver = driver_text.not_null(model, field, row)
    names = {"kind": model.description, "model": model.name, "label": field.string, "field": field.name}
    text = env._(env.db.profile.rules.not_null_text, **names, reference=_last_table(env, driver))
    return ValidationError(text, driver)


def _check_unique(env: Environment, model: Model, constraint: Constraint, row: Row) -> None:
    values = _key(constraint, row)
    if None in values or not _counts(constraint, row):
        return
    rows = env.db.store.rows(model.name)
    for other in env.db.store.having(model.name, constraint.unique[0], (row[constraint.unique[0]],)):
        same = other != row["id"] and _key(constraint, rows[other]) == values
        if same and _counts(constraint, rows[other]):
            raise _broken(env, model, constraint, driver_text.unique(model, constraint, values))


def _key(constraint: Constraint, row: Row) -> list[Any]:
    """Return what must differ from other rows: the values of columns, or of the expressions of an index."""
    if constraint.key:
        return [checks.parsed(expression)(row) for expression in constraint.key]
    return [row.get(name) for name in constraint.unique]


def _counts(constraint: Constraint, row: Row) -> bool:
    """Return whether the row is one of those that the constraint is about."""
    return constraint.where is None or checks.allows(constraint.where, row)


def _broken(env: Environment, model: Model, constraint: Constraint, driver: str) -> ValidationError:
    rules = env.db.profile.rules
    if rules.constraint_names and constraint.message and not env.context.get("lang"):
        return ValidationError(f"{model.table}_{constraint.name}", driver)
    text = env._(constraint.message) if constraint.message else driver
    return ValidationError((_PREFIX if rules.constraint_prefix else "") + text, driver)


def _foreign_key(env: Environment, model: Model | None, field: Field, constraint: str, driver: str) -> ValidationError:
    """Return the error of a broken foreign key of a model's field; without a model, of the table of a many2many."""
    rules = env.db.profile.rules
    kind = env._("Unknown") if model is None else model.description
    name = env._(rules.foreign_key_unknown) if model is None else model.name
    owner = kind if model is None else f"'{kind}' ({name})"
    if rules.foreign_key_names_field and model is not None:
        constraint = f"'{field.string}' ({field.name})"
    names = {"owner": owner, "kind": kind, "model": name, "constraint": constraint}
    return ValidationError(env._(rules.foreign_key_text, **names, reference=_last_table(env, driver)), driver)


def _last_table(env: Environment, driver: str) -> str:
    """Return `Country - res.country` for the table that the database's error names last."""
    table = driver.split('"')[-2]
    model = table.replace("_", ".")
    definition = env.db.registry.get(model)
    return f"{definition.description if definition else table} - {model}"


def check_targets(env: Environment, model: Model, several: Sequence[Row]) -> None:
    """Raise MissingError or the foreign key's error unless the targets of the rows' many2one values exist."""
    many2ones, rows = model.many2ones, env.db.store.rows
    if len(several) > 1:  # most have the same targets
        names = many2ones.keys() & set().union(*several)
        wanted = {name: {values.get(name) for values in several} - {None} for name in names}
        if all(ids <= rows(many2ones[name].comodel).keys() for name, ids in wanted.items() if ids):
            return
    for values in several:
        for name, target in values.items():
            if name in many2ones and target is not None and target not in rows(many2ones[name].comodel):
                raise _no_target(env, model, many2ones[name], target)


def _no_target(env: Environment, model: Model, field: Field, target: int) -> Exception:
    name = field.name
    if field.comodel not in env.db.registry:
        return KeyError(f"{model.name}.{name} refers to {field.comodel!r}, a model that no loaded fixture has")
    if name in model.definition_records or (
        env.db.profile.rules.computing_reads_target and name in env.db.registry.read_through.get(model.name, ())
    ):
        env[field.comodel].browse(target)._rows()  # raises
    constraint = f"{model.table}_{name}_fkey"
    driver = driver_text.no_target(model.table, constraint, name, target, field.comodel)
    return _foreign_key(env, model, field, constraint, driver)


def check_links(env: Environment, field: Field, ids: Iterable[int]) -> None:
    """Raise the foreign key's error unless the ids that a many2many is given exist."""
    rows = env.db.store.rows(field.comodel)
    missing = [id_ for id_ in ids if id_ not in rows] if isinstance(field, Many2many) else []
    if isinstance(field, Many2many) and missing:
        column = field.relation_column or f"{(field.relation or '').replace('.', '_')}_id"
        constraint = f"{field.table}_{column}_fkey"
        driver = driver_text.no_target(field.table, constraint, column, missing[0], field.comodel)
        raise _foreign_key(env, None, field, constraint, driver)


def restricted(env: Environment, model: Model, field: Field, row: Row) -> ValidationError:
    """Return the error of deleting a record that a `restrict` field of `model` refers to; `row` holds the reference."""
    constraint = f"{model.table}_{field.name}_fkey"
    restricts = field.ondelete == "restrict" or env.db.profile.rules.required_restricts
    driver = driver_text.referenced(model, field, constraint, row, restricts=restricts)
    return _foreign_key(env, model, field, constraint, driver)


def linked(env: Environment, field: Many2many, target: int) -> ValidationError:
    """Return the error of deleting a record that a `restrict` many2many links; `target` is its id."""
    column = field.relation_column or f"{(field.relation or '').replace('.', '_')}_id"
    constraint = f"{field.table}_{column}_fkey"
    driver = driver_text.linked(field.table, constraint, column, target, field.comodel)
    return _foreign_key(env, None, field, constraint, driver)


def check_loop(records: Recordset) -> None:
    """Raise UserError for a record that is its own ancestor; to be called before its path is computed."""
    model = records._model
    if any(hierarchy.has_loop(records.env, model, id_, model.parent_name) for id_ in records._ids):
        raise UserError("Recursion Detected.")


def run_rules(records: Recordset, written: Iterable[str]) -> None:
    """Run the methods marked `@api.constrains` for any of the written fields."""
    for name, fields in records._constrains.items():
        if not frozenset(fields).isdisjoint(written):
            getattr(records, name)()
