"""Values of a fixture that differ by language or company: checked, written to rows, and exported from them.

`{"value": "Gold", "translations": {"fr_FR": "Or"}}` and `{"value": 30, "companies": {"shop.second": 45}}`: the
value in `en_US` or in the current company, and those in others.  A company is an external id, or an id as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockserver.orm.fields.base import Field
from mockserver.orm.query.slots import slots_of, varies
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import slot_values, translation_rows
from mockserver.orm.writing.parts import stored

VALUE, TRANSLATIONS, COMPANIES = "value", "translations", "companies"
_KEYS = frozenset({VALUE, TRANSLATIONS, COMPANIES})


def is_varied(field: Field, value: Any) -> bool:
    """Return whether a value of a fixture is such an object, and not the value of a JSON field that looks like one."""
    has_keys = isinstance(value, dict) and (TRANSLATIONS in value or COMPANIES in value)
    return has_keys and field.holds != "data"


def problem(field: Field, value: Mapping[str, Any], languages: Mapping[str, Any]) -> str:
    """Return what is wrong with such a value, or an empty text."""
    for key in value:
        if key not in _KEYS:
            return f"a value that varies has the keys {', '.join(sorted(_KEYS))}, not {key!r}"
    for key, wanted in ((TRANSLATIONS, field.translate), (COMPANIES, field.company_dependent)):
        if key in value and not (wanted and varies(field)):
            return f"it has no {key}: the field is not {'translated' if key == TRANSLATIONS else 'company_dependent'}"
        if not isinstance(value.get(key, {}), dict):
            return f"{key!r} is an object, not {value[key]!r}"
    for code, text in value.get(TRANSLATIONS, {}).items():
        if code not in languages:
            return f"there is no language {code!r}"
        if not isinstance(text, str):
            return f"a translation is a text, not {text!r}"
    return ""


def parts(value: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what may be a reference in such a value: its own values, and the companies."""
    yield value.get(VALUE)
    for company, own in value.get(COMPANIES, {}).items():
        yield own
        if not company.isdigit():
            yield {"ref": company}


def put(env: Environment, model: Model, id_: int, field: Field, value: Mapping[str, Any],
        company_id: Callable[[str], int], convert: Callable[[Any], Any]) -> None:  # fmt: skip
    """Write the translations and the values of companies to a record; `convert` replaces references by ids."""
    store = env.db.store
    row = dict(store.rows(model.name)[id_])
    slot_values.put_texts(
        field, row, {code: field.to_store(text) for code, text in value.get(TRANSLATIONS, {}).items()}
    )
    store.put(model.name, row)
    translation_rows.update(env, model, (id_,), (field,))
    for company, own in value.get(COMPANIES, {}).items():
        there = env.with_company(company_id(company))
        row = dict(store.rows(model.name)[id_])
        slot_values.put_value(there, field, row, stored(there, field, convert(own), creating=False))
        store.put(model.name, row)
        slot_values.update_properties(there, model, (id_,), (field,))


def exported(field: Field, row: Row, value: Any, convert: Callable[[Any], Any], company: Callable[[int], str]) -> Any:
    """Return a value of a row in the form of a fixture: plain if it is the same in all languages and companies."""
    others = slots_of(field, row) if varies(field) else {}
    if not others:
        return value
    if field.company_dependent:
        default = {} if value is None else {VALUE: value}
        return {**default, COMPANIES: {company(int(id_)): convert(own) for id_, own in others.items()}}
    return {VALUE: value, TRANSLATIONS: others}
