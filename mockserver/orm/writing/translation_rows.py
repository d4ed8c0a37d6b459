"""The rows of `ir.translation`, which until 15 holds every translated text as a record.

The texts are stored in the rows of the records themselves (see `query.slots`); a row here mirrors one.
Source: recorded in i18n-base (14.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields import html_terms
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.texts import Html
from mockserver.orm.query.slots import slots_of
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

TRANSLATION = "ir.translation"
# what makes two rows of one field and record different: the language and, of a text with terms, the term
Key = tuple[str, Any]


def update(env: Environment, model: Model, ids: Iterable[int], fields: Iterable[Field]) -> None:
    """Update the rows of `ir.translation`, if the server has that model, from the texts of these records."""
    fields = [field for field in fields if field.translate]
    if not fields or TRANSLATION not in env:
        return
    store = env.db.store
    for id_ in ids:
        row = store.rows(model.name)[id_]
        held = [store.rows(TRANSLATION)[i] for i in store.having(TRANSLATION, "res_id", (id_,))]
        for field in fields:
            name = f"{model.name},{field.name}"
            _update(env, field, row, name, {_key(field, r): r for r in held if r["name"] == name})


def _key(field: Field, row: Row) -> Key:
    return row["lang"], row.get("src") if isinstance(field, Html) else None


def _update(env: Environment, field: Field, row: Row, name: str, held: dict[Key, Row]) -> None:
    store = env.db.store
    for (lang, term), (source, value) in _wanted(field, row).items():
        known = held.pop((lang, term), None)
        if known is None:
            about = {"name": name, "res_id": row["id"], "lang": lang, "module": _module(env, name, row["id"])}
            about |= {"type": "model_terms" if isinstance(field, Html) else "model", "state": "translated"}
            new = {**about, "src": source, "value": value}
            store.insert(TRANSLATION, {key: v for key, v in new.items() if v is not None})
        elif (known.get("src"), known.get("value")) != (source, value):
            store.put(TRANSLATION, {**known, "src": source, "value": value, "state": "translated"})
    for gone in held.values():
        store.delete(TRANSLATION, gone["id"])


def _wanted(field: Field, row: Row) -> dict[Key, tuple[Any, Any]]:
    """Return `{key: (source, translation)}` of a record's field."""
    source, texts = row.get(field.name), slots_of(field, row)
    if not isinstance(field, Html):
        return {(lang, None): (source, text) for lang, text in texts.items() if text is not None}
    sources = html_terms.terms(source or "")
    found: dict[Key, tuple[Any, Any]] = {}
    for lang, text in texts.items():
        terms = html_terms.terms(text or "")
        if len(terms) == len(sources):
            found |= {(lang, at): (at, term) for at, term in zip(sources, terms, strict=True) if at != term}
    return found


def _module(env: Environment, name: str, id_: int) -> str | None:
    """Return the module that the record comes from, None for a record of the user."""
    rows, model = env.db.store.rows("ir.model.data"), name.partition(",")[0]
    named = env.db.store.having("ir.model.data", "res_id", (id_,))
    return next((rows[i]["module"] for i in sorted(named) if rows[i].get("model") == model), None)


def delete(env: Environment, model: str, ids: Iterable[int]) -> None:
    """Delete the rows of deleted records."""
    if TRANSLATION in env:
        store, prefix = env.db.store, f"{model},"
        for id_ in store.having(TRANSLATION, "res_id", ids):
            if store.rows(TRANSLATION)[id_]["name"].startswith(prefix):
                store.delete(TRANSLATION, id_)
