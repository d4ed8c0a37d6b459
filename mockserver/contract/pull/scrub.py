"""Decide which values of a pull are personal, and replace them.

Texts and files are replaced unless they are known to be technical; choices, numbers, dates and relations stay.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Mapping
from typing import Any

from mockserver.contract.pull.look_alikes import LookAlikes
from mockserver.orm.fields.base import holds, is_a
from mockserver.orm.fields.numbers import Float

DEFAULT_KEY = "mockserver"  # keeps values out of a file, but does not protect against guessing
Row = dict[str, Any]

# the kind of look-alike for --scrub-field, by what the field holds
_ON_REQUEST = {"date": "date", "number": "figure", "line": "name", "text": "name", "markup": "name"}
# models whose texts come from the product, not from its users
_TECHNICAL_MODELS = re.compile(
    r"ir\.(model(\.\w+)*|rule|module\.\w+|sequence(\.\w+)*|ui\.menu)|res\.(country(\.\w+)?|lang|currency(\.\w+)?|groups(\.\w+)?)"
    r"|uom\.\w+|decimal\.precision|report\.paperformat|mail\.message\.subtype"
)
_TECHNICAL_FIELDS = frozenset({"model", "model_name", "res_model", "res_field", "mimetype", "parent_path", "tz_offset"})
_TECHNICAL = frozenset({"ir.config_parameter.key"})
_BY_NAME = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("email", r"e?mail"),
        ("phone", r"phone|mobile|(^|_)(tel|fax|msisdn|whatsapp)($|_)"),
        ("number", r"(^|_)(vat|iban|bic|siret|siren|ssn|nin|passport|tax_id)($|_)|acc_number|account_number"
                   r"|company_registry|identification_id"),
        ("link", r"website|(^|_)(url|link|uri)($|_)"),
        ("address", r"street|(^|_)(zip|city|address)($|_)"),
    )
)  # fmt: skip
_COORDINATE = re.compile(r"latitude|longitude|(^|_)(lat|lng|lon)($|_)", re.IGNORECASE)


def kind_of(model: str, field: str, attributes: Mapping[str, Any]) -> str | None:
    """Return the kind of personal data in a field, a key of `LookAlikes.of`; None for other fields."""
    held = holds(attributes["type"])
    if is_a(attributes["type"], Float):
        return "place" if _COORDINATE.search(field) else None
    if _TECHNICAL_MODELS.fullmatch(model) or field in _TECHNICAL_FIELDS or f"{model}.{field}" in _TECHNICAL:
        return None
    if held in ("file", "data"):
        return held
    if held not in ("line", "text", "markup"):
        return None
    named = next((text for text, pattern in _BY_NAME if pattern.search(field)), "name")
    return {"line": named, "text": "text" if named == "name" else named, "markup": "html"}[held]


class Scrub:
    """Replaces the personal values of rows.

    `keep` and `also`: patterns such as `res.partner.ref` or `*.default_code`, of fields to leave unchanged and of
    further fields to replace.
    """

    def __init__(self, key: str = DEFAULT_KEY, keep: Collection[str] = (), also: Collection[str] = ()) -> None:
        self.keep = tuple(keep)
        self.also = tuple(also)
        self.alike = LookAlikes(key)
        self.unused = {*keep, *also}  # patterns that no field has matched so far

    def kind(self, model: str, field: str, attributes: Mapping[str, Any]) -> str | None:
        """Return the kind of look-alike for a field, None if it is kept; raises ValueError if no kind fits."""
        if self._is_matched(self.also, model, field):
            kind = kind_of(model, field, attributes) or _ON_REQUEST.get(holds(attributes["type"]))
            if kind is None:
                raise ValueError(f"--scrub-field {model}.{field}: a {attributes['type']} has no look-alike")
            return kind
        return None if self._is_matched(self.keep, model, field) else kind_of(model, field, attributes)

    def _is_matched(self, patterns: Collection[str], model: str, field: str) -> bool:
        found = [pattern for pattern in patterns if fnmatch.fnmatchcase(f"{model}.{field}", pattern)]
        self.unused.difference_update(found)
        return bool(found)

    def value(self, model: str, field: str, attributes: Mapping[str, Any], value: Any) -> Any:
        """Return the replacement of a value; an empty one stays."""
        kind = self.kind(model, field, attributes)
        return self._replaced(kind, value) if kind and value not in (None, False, "") else value

    def rows(self, model: str, rows: Collection[Row], fields: Mapping[str, Mapping[str, Any]]) -> list[Row]:
        """Return the rows with their personal values replaced."""
        kinds = {name: kind for name in fields if (kind := self.kind(model, name, fields[name]))}
        return [
            {
                name: self._replaced(kinds[name], value) if name in kinds and value not in (None, False, "") else value
                for name, value in row.items()
            }
            for row in rows
        ]

    def _replaced(self, kind: str, value: Any) -> Any:
        if kind not in ("file", "data", "date", "figure", "place") and not isinstance(value, str):
            return value
        return self.alike.of[kind](value)

    def reveals(self, name: str, row: Mapping[str, Any], scrubbed: Mapping[str, Any]) -> bool:
        """Return whether an external id contains words that were replaced in its row."""
        text = " ".join(str(row[field]) for field in row if row[field] != scrubbed.get(field))
        words = set(re.findall(r"[^\W_]{3,}", text.casefold()))
        return any(word in words for word in re.findall(r"[^\W_]{3,}", name.casefold()))
