"""Writes values into the slot of the row for the language or company of the environment (see `query.slots`)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields import html_terms
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.texts import Html
from mockserver.orm.query.company_defaults import PROPERTY, company_default, to_property
from mockserver.orm.query.field_rows import field_ids
from mockserver.orm.query.slots import SOURCE, current_company, slot, slots_of
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment


def varying_columns(model: Model, names: Container[str]) -> list[Field]:
    """Return those of the named columns whose value depends on the language or the company."""
    return [field for name, field in model.varying.items() if name in names]


def put_value(env: Environment, field: Field, row: Row, value: Any) -> None:
    """Put the value of a varying field into a row that is not in the store yet."""
    if field.company_dependent:
        _put_for_company(env, field, row, value)
    else:
        put_translation(field, row, env.lang, value)


def _put_for_company(env: Environment, field: Field, row: Row, value: Any) -> None:
    company = current_company(env)
    key = slot(field, company)
    if field.to_read(value) == field.to_read(company_default(env, field, company)):
        row.pop(key, None)  # the default is not stored
    else:
        row[key] = value


def put_translation(field: Field, row: Row, lang: str, value: Any) -> None:
    """Write a translated field in one language.

    None in one language clears all of them; the first text that is written is also the source text.
    """
    if value is None:
        for other in slots_of(field, row):
            del row[slot(field, other)]
        row.pop(field.name, None)
    elif isinstance(field, Html) and row.get(field.name):
        texts = {SOURCE: row[field.name], **slots_of(field, row)}
        texts.setdefault(lang, texts[SOURCE])
        put_texts(field, row, html_terms.keep_translations(texts, lang, value))
    elif lang == SOURCE:
        row[field.name] = value
    else:
        row.setdefault(field.name, value)
        row[slot(field, lang)] = value


def put_texts(field: Field, row: Row, texts: Mapping[str, Any]) -> None:
    """Write `{language: text}` unchanged; None deletes the text of a language."""
    for lang, text in texts.items():
        key = field.name if lang == SOURCE else slot(field, lang)
        if text is None:
            row.pop(key, None)
        else:
            row[key] = text


def update_properties(env: Environment, model: Model, ids: Iterable[int], fields: Iterable[Field]) -> None:
    """Update the rows of `ir.property`, if the server has that model, from the records' values for the company."""
    fields = [field for field in fields if field.company_dependent]
    if not fields or PROPERTY not in env:
        return
    store, company = env.db.store, current_company(env)
    for id_ in ids:
        row = store.rows(model.name)[id_]
        if not store.rows(PROPERTY) and not any(slot(field, company) in row for field in fields):
            continue
        owner = f"{model.name},{id_}"
        held = [store.rows(PROPERTY)[i] for i in store.having(PROPERTY, "res_id", (owner,))]
        for field in fields:
            known = next((p for p in held if p.get("company_id") == company and p["name"] == field.name), None)
            _update_property(env, field, owner, company, known, row)


def _update_property(env: Environment, field: Field, owner: str, company: int, known: Row | None, row: Row) -> None:
    store, now = env.db.store, env.db.clock.now()
    key = slot(field, company)
    if key not in row:
        if known is not None:
            store.delete(PROPERTY, known["id"])
        return
    described = field_ids(env, field)
    if not described:
        return  # a field without a row in ir.model.fields has none in ir.property either
    written = {name: v for name, v in to_property(field, row[key]).items() if v is not None}
    audit: Row = {"write_uid": env.uid, "write_date": now}
    if known is not None:
        kept = {name: v for name, v in known.items() if not name.startswith("value_")}
        store.put(PROPERTY, {**kept, **written, **audit})
        return
    about = {"name": field.name, "type": field.type, "fields_id": min(described), "res_id": owner}
    audit |= {"create_uid": env.uid, "create_date": now}
    store.insert(PROPERTY, {**about, "company_id": company, **written, **audit})


def delete_properties(env: Environment, model: str, ids: Iterable[int]) -> None:
    """Delete the `ir.property` rows of deleted records."""
    if PROPERTY in env:
        for id_ in env.db.store.having(PROPERTY, "res_id", [f"{model},{id_}" for id_ in ids]):
            env.db.store.delete(PROPERTY, id_)
