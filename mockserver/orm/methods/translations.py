"""get_field_translations and update_field_translations: a field's text in each language.

Source: recorded in i18n-* (16.0–19.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.errors import UserError
from mockserver.orm.fields import html_terms
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import One2many
from mockserver.orm.fields.texts import Html
from mockserver.orm.query.slots import SOURCE, slots_of
from mockserver.orm.query.values import languages
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access, check_fields
from mockserver.orm.schema import api
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import recompute, slot_values, translation_rows
from mockserver.orm.writing.log_fields import log_values

_Entry = dict[str, Any]


def _languages(env: Environment, langs: Iterable[str] | None) -> list[str]:
    active = active_languages(env)
    if not langs:
        return active
    for code in langs:
        if code not in active and env.db.profile.rules.lang_checked:
            raise UserError(f"Invalid language code: {code}")
    return list(dict.fromkeys(langs))


def active_languages(env: Environment) -> list[str]:
    """Return the codes of the active languages, ordered by name."""
    codes = [code for code, _ in languages(env)]
    return sorted(codes, key=SOURCE.__eq__) if env.db.profile.rules.source_listed_last else codes


def _entry(lang: str, source: Any, value: Any) -> _Entry:
    return {"lang": lang, "source": source, "value": value}


def _texts(field: Field, row: Row) -> dict[str, Any]:
    """Return the texts of a row as `{language: text}`."""
    found = {SOURCE: row[field.name]} if row.get(field.name) is not None else {}
    return {**found, **slots_of(field, row)}


def _term_entries(texts: Mapping[str, str], wanted: Iterable[str]) -> list[_Entry]:
    sources = html_terms.terms(texts.get(SOURCE) or "")
    there = {lang: html_terms.terms(texts.get(lang) or texts.get(SOURCE) or "") for lang in wanted}
    entries = []
    for index, source in enumerate(dict.fromkeys(sources)):
        for lang, terms in there.items():
            term = terms[index] if len(terms) == len(sources) else source
            entries.append(_entry(lang, source, "" if term == source else term))
    return entries


def _new_texts(field: Field, row: Row, translations: Mapping[str, Any], source_lang: str) -> dict[str, Any]:
    if any(text and not isinstance(text, str) for text in translations.values()):
        raise UserError("Translations for model translated fields only accept falsy values and str")
    texts = {lang: None if text is False else text for lang, text in translations.items()}
    # the source text cannot be deleted
    texts = {lang: text for lang, text in texts.items() if text is not None or lang != SOURCE}
    if row.get(field.name) is None:
        first = texts.get(SOURCE) or next((text for text in texts.values() if text), None)
        return {} if first is None else {SOURCE: first, **texts}
    return texts


def _new_terms(
    field: Field, row: Row, translations: Mapping[str, Mapping[str, str]], source_lang: str
) -> dict[str, Any]:
    texts = _texts(field, row)
    wanted = {lang: {**terms} for lang, terms in translations.items() if terms}
    if not texts or not wanted:
        return {}
    source = texts.get(source_lang, texts[SOURCE])
    sources = html_terms.terms(source)
    found = {}
    for lang, given in wanted.items():
        there = html_terms.terms(texts.get(lang, texts[SOURCE]))
        known = dict(zip(sources, there, strict=True)) if len(there) == len(sources) else {}
        chosen = {term: given.get(term, known.get(term, term)) or term for term in sources}
        found[lang] = html_terms.replace_terms(source, lambda term, chosen=chosen: chosen.get(term, term))  # type: ignore[misc]
    if SOURCE in found:  # the other languages keep the text that they showed
        found |= {lang: texts.get(lang, texts[SOURCE]) for lang in texts if lang not in found}
    return found


def copy_translations(old: Recordset, new: Recordset, given: Iterable[str]) -> None:
    """Copy translations to a copy of a record, except for given fields; the same for its lines."""
    given, model, env = set(given), old._model, old.env
    row, copied = old._rows()[0], new._rows()[0]
    changed = dict(copied)
    for field in model.fields.values():
        if field.name in given or not field.copy:
            continue
        if isinstance(field, One2many) and field.store:
            _copy_lines(old, new, field)
        elif field.translate and field.column and slots_of(field, row):
            slot_values.put_texts(field, changed, dict.fromkeys(slots_of(field, copied)))
            slot_values.put_texts(field, changed, _texts(field, row))
    if changed != copied:
        env.db.store.put(model.name, {**new._rows()[0], **changed})
        translation_rows.update(env, model, new._ids, model.varying.values())


def _copy_lines(old: Recordset, new: Recordset, field: Field) -> None:
    if field.comodel not in old.env:
        return
    before, after = (sorted(records._related(field.name)._ids) for records in (old, new))
    comodel = old.env[field.comodel]
    if len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            copy_translations(comodel.browse(one), comodel.browse(other), ())


class Translations(Recordset):
    """The texts of records in several languages."""

    __slots__ = ()

    @api.versions(since=16)
    def get_field_translations(
        self, field_name: str, langs: Iterable[str] | None = None
    ) -> tuple[list[_Entry], dict[str, Any]]:
        """Return `[{"lang", "source", "value"}]` of one record's field, and how the client shows them.

        A field that is translated term by term has an entry for each term; an untranslated term has an empty value.
        """
        self.ensure_one()
        field = self._model.fields[field_name]
        check_access(self, "read")
        check_fields(self, "read", (field_name,))
        row = self._rows()[0]
        record_rules.check(self, "read")
        wanted = _languages(self.env, langs)
        kind: dict[str, Any] = {"translation_type": "text" if field.holds in ("text", "markup") else "char"}
        kind |= {"translation_show_source": isinstance(field, Html) and field.translate}
        if not (field.translate and field.column):
            plain = self.env.db.profile.rules.untranslated_fields_listed
            return [_entry(lang, self[field_name], self[field_name]) for lang in wanted if plain], kind
        texts = _texts(field, row)
        if isinstance(field, Html):
            return _term_entries(texts, wanted), kind
        source = field.to_read(texts.get(SOURCE))
        return [_entry(lang, source, field.to_read(texts.get(lang, texts.get(SOURCE)))) for lang in wanted], kind

    @api.versions(since=16, until=17, name="update_field_translations")
    def update_field_translations_16(self, field_name: str, translations: Mapping[str, Any]) -> bool:
        """Write the text of a field in several languages; see `update_field_translations`."""
        return Translations.update_field_translations(self, field_name, translations)

    @api.versions(since=18)
    def update_field_translations(
        self, field_name: str, translations: Mapping[str, Any], source_lang: str = ""
    ) -> bool:
        """Write `{language: text}`, or `{language: {term: translation}}` for a field translated term by term.

        Return False if there is nothing to do.  An empty text deletes the translation.
        """
        self.ensure_one()
        field, rules = self._model.fields[field_name], self.env.db.profile.rules
        check_access(self, "write")
        check_fields(self, "write", (field_name,))
        row = self._rows()[0]
        record_rules.check(self, "write")
        missing = [code for code in translations if code not in active_languages(self.env)]
        if missing and rules.translated_langs_checked:
            raise UserError(f"The following languages are not activated: {', '.join(missing)}")
        if not (field.translate and field.column):
            return False
        texts = (_new_terms if isinstance(field, Html) else _new_texts)(field, row, translations, source_lang or SOURCE)
        if not texts:
            return False
        new = {**row, **log_values(self.env, self._model, creating=False)}
        slot_values.put_texts(field, new, texts)
        self.env.db.store.put(self._name, new)
        ids = set(self._ids)
        recompute.run(self.env, recompute.dependents(self.env, self._name, (field_name,), ids))
        return True

    @api.versions(since=18)
    def web_override_translations(self, values: Mapping[str, str]) -> None:
        """Write one text of each named field in every active language."""
        self.ensure_one()
        for name, text in values.items():
            field = self._model.fields[name]
            if field.translate and not isinstance(field, Html):
                texts: dict[str, Any] = {**dict.fromkeys(active_languages(self.env), False), SOURCE: text}
                self.update_field_translations(name, {**texts, self.env.lang: text})
