"""The fields of a model written in Python, in Odoo's words: `name = fields.Char("Name", required=True)`.

Each is the definition that a fixture has for such a field, so what is true of fixtures is true of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from mockserver.seed.files import nearest

__all__ = [
    "Binary",
    "Boolean",
    "Char",
    "Date",
    "Datetime",
    "Field",
    "Float",
    "Html",
    "Image",
    "Integer",
    "Json",
    "Many2many",
    "Many2one",
    "Many2oneReference",
    "Monetary",
    "One2many",
    "Reference",
    "Selection",
    "Text",
]

# attributes that every field takes; `default` goes to the model
COMMON = (
    "string", "required", "readonly", "store", "copy", "help", "groups", "related", "company_dependent", "default",
)  # fmt: skip
# what Odoo's fields have and a mock does not do, with what to write instead
_INSTEAD = {
    "compute": "override read or create for a value that is computed, or write it where the test needs it",
    "inverse": "override write",
    "search": "override search",
}


class Field(dict[str, Any]):
    """The definition of one field; `default` is its default value, if `has_default`.

    Raises TypeError for an attribute that this type of field does not have.
    """

    type: ClassVar[str]
    attributes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, string: str | None = None, **attributes: Any) -> None:
        known = (*COMMON, *self.attributes)
        for name in attributes:
            if name not in known:
                hint = f": {_INSTEAD[name]}" if name in _INSTEAD else nearest(name, known)
                raise TypeError(f"fields.{type(self).__name__} has no attribute {name!r}{hint} ({', '.join(known)})")
        self.has_default = "default" in attributes
        self.default = attributes.pop("default", None)
        if callable(self.default):
            raise TypeError(
                f"fields.{type(self).__name__}: a default is a value, fields.Date.today or fields.Datetime.now, "
                "not a function: override default_get for others"
            )
        named = {} if string is None else {"string": string}
        super().__init__({"type": self.type, **named, **attributes})


class Char(Field):
    """A line of text."""

    type = "char"
    attributes = ("size", "translate")


class Text(Field):
    """Text of several lines."""

    type = "text"
    attributes = ("translate",)


class Html(Field):
    """Markup, cleaned when it is written."""

    type = "html"
    attributes = ("translate",)


class Integer(Field):
    """A whole number."""

    type = "integer"


class Float(Field):
    """A number; `digits` is `(all, after the point)`."""

    type = "float"
    attributes = ("digits",)

    def __init__(self, string: str | None = None, digits: Sequence[int] | None = None, **attributes: Any) -> None:
        super().__init__(string, **_given(digits=list(digits) if digits else None), **attributes)


class Monetary(Field):
    """An amount, rounded as the currency in `currency_field` (`currency_id`) says."""

    type = "monetary"
    attributes = ("currency_field",)

    def __init__(self, string: str | None = None, currency_field: str = "currency_id", **attributes: Any) -> None:
        super().__init__(string, currency_field=currency_field, **attributes)


class Boolean(Field):
    """True or false."""

    type = "boolean"


class Date(Field):
    """A day; `default=fields.Date.today` is the day of the server's clock."""

    type = "date"
    today: ClassVar[Mapping[str, str]] = {"call": "today"}


class Datetime(Field):
    """A time in UTC; `default=fields.Datetime.now` is that of the server's clock."""

    type = "datetime"
    now: ClassVar[Mapping[str, str]] = {"call": "now"}


class Binary(Field):
    """Bytes, as base64 text."""

    type = "binary"


class Image(Field):
    """A picture, as base64 text."""

    type = "image"


class Json(Field):
    """Any JSON value."""

    type = "json"


class Selection(Field):
    """One of `[(value, label), …]`."""

    type = "selection"
    attributes = ("selection",)

    def __init__(self, selection: Sequence[tuple[str, str]], string: str | None = None, **attributes: Any) -> None:
        super().__init__(string, selection=[list(choice) for choice in selection], **attributes)


class Reference(Selection):
    """A record of one of several models, `[(model, label), …]`."""

    type = "reference"


class Many2oneReference(Field):
    """The id of a record whose model stands in the field `model_field`."""

    type = "many2one_reference"
    attributes = ("relation_field",)

    def __init__(self, string: str | None = None, *, model_field: str, **attributes: Any) -> None:
        super().__init__(string, relation_field=model_field, **attributes)


class Many2one(Field):
    """A record of another model; `ondelete` is `set null`, `restrict` or `cascade`."""

    type = "many2one"
    attributes = ("relation", "ondelete")

    def __init__(self, comodel_name: str, string: str | None = None, **attributes: Any) -> None:
        super().__init__(string, relation=comodel_name, **attributes)


class One2many(Field):
    """The records of another model whose many2one `inverse_name` leads here."""

    type = "one2many"
    attributes = ("relation", "relation_field", "domain", "context")

    def __init__(self, comodel_name: str, inverse_name: str, string: str | None = None, **attributes: Any) -> None:
        super().__init__(string, relation=comodel_name, relation_field=inverse_name, **attributes)


class Many2many(Field):
    """Records of another model; `relation` and `column2` are the table of the pairs and its column for them."""

    type = "many2many"
    attributes = ("relation", "relation_table", "relation_column", "domain", "context")

    def __init__(
        self,
        comodel_name: str,
        relation: str | None = None,
        column1: str | None = None,
        column2: str | None = None,
        string: str | None = None,
        **attributes: Any,
    ) -> None:
        table = _given(relation_table=relation, relation_column=column2)
        super().__init__(string, relation=comodel_name, **table, **attributes)


def _given(**attributes: Any) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}
