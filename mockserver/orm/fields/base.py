"""Field types: how a value of each is checked, stored, read, compared and described.

One class a type, registered by its `type` name.  `None` is SQL NULL in the store.  A field is declared in a model class
as on the real server, `name = fields.Char("Name", required=True)`, or in a fixture by the same attributes.
Source: versions.md §7.3, §9.5; recorded in core-types (17.0).
"""

from __future__ import annotations

import copy
import dataclasses
import difflib
import math
import sys
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import profiles
from mockserver.errors import DatabaseError
from mockserver.orm.fields.html import sanitize

if TYPE_CHECKING:
    from typing_extensions import Self

TYPES: dict[str, type[Field]] = {}
# the real server's names of attributes that have another one here
_ALIASES = {
    "comodel_name": "relation", "inverse_name": "relation_field", "model_field": "relation_field",
    "column2": "relation_column", "definition": "definition_record", "group_operator": "aggregator",
    "oldname": "", "column1": "",
}  # fmt: skip
# how attributes are kept that may be written in several ways
_PLAIN: dict[str, Any] = {
    "depends": tuple,
    "selection": lambda given: [list(pair) for pair in given] if isinstance(given, (list, tuple)) else given,
    "selection_add": lambda given: [list(pair) for pair in given],
}
# attributes of the real server that change nothing here
_WITHOUT_EFFECT = frozenset(
    """
    attachment auto_join bypass_search_access change_default check_company compute_sudo default_export_compatible
    depends_context export_string_translate exportable falsy_value_label group_expand index max_height max_width
    precompute prefetch recursive sanitize sanitize_attributes sanitize_form sanitize_overridable sanitize_style
    sanitize_tags states strip_classes strip_style trim unaccent validate verify_resolution
    """.split()  # noqa: SIM905
)


class UnknownFieldType(ValueError):
    """No field type has that name."""


@dataclass(kw_only=True, eq=False, init=False)
class Field:
    """One field of one model; the attributes are those of `fields_get`, of the fixtures and of the real server's code.

    `Field(*positional, **attributes)` takes them under the real server's names too; `given` are those that were said.
    Raises TypeError for one that the type does not have.
    """

    type: ClassVar[str]
    empty: ClassVar[Any] = False  # what read() shows for NULL
    relational: ClassVar[bool] = False
    has_column: ClassVar[bool] = True  # whether a stored field of this type is a key of the row
    summed: ClassVar[bool] = False  # whether read_group adds it up
    positional: ClassVar[tuple[str, ...]] = ("string",)  # the attributes that a declaration may give by position

    name: str = ""
    model: str = ""
    string: str = ""
    required: bool = False
    readonly: bool = False
    store: bool = True
    kept: bool = False  # rows hold what a live server computed, though the field is not stored there
    searchable: bool = True
    sortable: bool = True
    copy: bool = True
    translate: bool = False
    company_dependent: bool = False
    manual: bool = False
    selection: Any = None  # [[value, label]], or {"call": name} for a list that the data decides
    selection_add: Any = None  # choices that an extension adds
    size: int | None = None
    digits: Any = None
    relation: str | None = None  # the comodel
    relation_field: str | None = None  # one2many: the inverse many2one of the comodel
    relation_table: str | None = None
    relation_column: str | None = None  # many2many: the table's column that holds the comodel's id
    mirror: str | None = None  # many2many: the field of the comodel that stores the same relation
    ondelete: str | None = None
    related: str | None = None
    depends: tuple[str, ...] = ()
    compute: str | None = None  # the method that computes it
    inverse: str | None = None  # the method that writes what a written value means
    search: str | None = None  # the method that gives a domain for a condition on it
    tracking: Any = None
    aggregator: str | None = None
    currency_field: str | None = None
    definition_record: str | None = None
    groups: str | None = None
    help: str | None = None
    domain: list[Any] | None = None  # x2many: the lines that the field shows
    context: dict[str, Any] | None = None  # x2many: what it adds to the context when it looks for them
    module: str = "base"
    inherited: bool = False
    since: int = profiles.FIRST  # the generations that have it
    until: int | None = None

    def __init__(self, *positional: Any, **attributes: Any) -> None:
        if len(positional) > len(self.positional):
            raise TypeError(f"fields.{type(self).__name__} takes {', '.join(self.positional)} by position")
        self.has_default = "default" in attributes
        self.default: Any = attributes.pop("default", None)
        self.given: dict[str, Any] = {}
        self.place = ""  # of a declaration in a class: file and line
        if "name" not in attributes:  # a declaration in a class
            frame = sys._getframe(1)
            self.place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        for name, value in (*zip(self.positional, positional, strict=False), *attributes.items()):
            known = _ALIASES.get(name, name)
            if known in self.given:
                raise TypeError(f"fields.{type(self).__name__} is given {name!r} twice")
            if known in ATTRIBUTES:
                self.given[known] = _PLAIN[known](value) if value and known in _PLAIN else value
            elif known and known not in _WITHOUT_EFFECT:
                raise TypeError(f"fields.{type(self).__name__} has no attribute {name!r}{_nearest(name)}")
        self.__dict__.update(self.given)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.type in TYPES:
            raise ValueError(f"field type {cls.type!r} is defined twice")
        TYPES[cls.type] = cls

    def __set_name__(self, owner: object, name: str) -> None:
        self.name = name

    def __get__(self, record: Any, owner: object = None) -> Any:
        return self if record is None else record[self.name]

    def __set__(self, record: Any, value: Any) -> None:
        record[self.name] = value

    def replace(self, **changes: Any) -> Self:
        """The same field with other attributes."""
        return type(self)(**{**self.given, "name": self.name, **changes})

    @property
    def column(self) -> bool:
        """Whether rows have a key for this field."""
        return (self.store or self.company_dependent or self.kept) and self.has_column and self.mirror is None

    @property
    def comodel(self) -> str:
        """Name of the model that a relational field leads to, empty where there is none."""
        return self.relation or ""

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        """The value as rows hold it; raises what the real server raises for a bad one."""
        return value

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        """The value as `read` shows it, given what the row holds."""
        return self.empty if value is None else value

    def to_result(self, value: Any) -> Any:
        """A value that the method of a computed field assigned, as rows would hold it."""
        return self.to_store(value)

    def to_condition(self, value: Any) -> Any:
        """The right-hand side of a condition, as something that compares with a stored value."""
        return self.to_store(value)

    def to_text(self, value: Any) -> str:
        """A stored value as the database would cast it to text, for the like family."""
        return str(value)

    def describe(self, selection: list[list[str]] | None) -> dict[str, Any]:
        """The description that `fields_get` gives, all attributes of 17.0."""
        described: dict[str, Any] = {
            "type": self.type, "string": self.string, "required": self.required, "readonly": self.readonly,
            "store": self.store, "searchable": self.searchable, "sortable": self.sortable, "name": self.name,
            "company_dependent": self.company_dependent, "manual": self.manual, "depends": list(self.depends),
            "exportable": True, "change_default": False,
        }  # fmt: skip
        for attribute in ("relation", "relation_field", "related", "currency_field", "groups"):
            value = getattr(self, attribute)
            if value and not (attribute == "relation_field" and self.type != "one2many"):
                described[attribute] = value
        if self.help is not None:
            described["help"] = self.help
        if selection is not None:
            described["selection"] = selection
        if self.relational:
            described |= {"domain": self.domain or [], "context": self.context or {}}
        if self.summed and self.store and self.name != "id":
            described["group_operator"] = "sum"
        return described | self._describe_own()

    def _describe_own(self) -> dict[str, Any]:
        return {}


class Char(Field):
    type = "char"

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if value is None or value is False:
            return None
        text = without_nul(value)
        return text[: self.size] if self.size else text

    def to_condition(self, value: Any) -> Any:
        return None if value is None or value is False else without_nul(value)

    def _describe_own(self) -> dict[str, Any]:
        described: dict[str, Any] = {"translate": self.translate, "trim": True}
        return described | {"size": self.size} if self.size else described


def without_nul(value: Any) -> str:
    """A value as text; raises the database driver's error for one that no text column can hold."""
    text = str(value)
    if "\0" in text:
        raise ValueError("A string literal cannot contain NUL (0x00) characters.")
    return text


class Text(Char):
    type = "text"

    def _describe_own(self) -> dict[str, Any]:
        return {"translate": self.translate}


class Html(Char):
    type = "html"

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        text = super().to_store(value)
        return sanitize(text) if text else text

    def _describe_own(self) -> dict[str, Any]:
        return {"translate": self.translate, "sanitize": True, "sanitize_tags": True}


class Integer(Field):
    type = "integer"
    empty = 0
    summed = True

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        number = int(value or 0)
        if not -(2**31) <= number < 2**31:
            raise DatabaseError("errors.NumericValueOutOfRange", "integer out of range\n")
        return number

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        if value is None:
            return 0
        # a bigint column; Source: versions.md §7.3
        return value if -(2**31) <= value < 2**31 else float(value)

    def to_condition(self, value: Any) -> Any:
        return int(value or 0)


class Float(Field):
    type = "float"
    positional = ("string", "digits")
    empty = 0.0
    summed = True

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        number = float(value or 0.0)
        if isinstance(self.digits, (list, tuple)) and math.isfinite(number):
            return round_half_up(number, self.digits[1])
        return number

    def to_condition(self, value: Any) -> Any:
        return self.to_store(value)

    def to_text(self, value: Any) -> str:
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)

    def _describe_own(self) -> dict[str, Any]:
        return {"digits": self.digits} if self.digits else {}


def round_half_up(number: float, places: int) -> float:
    """Rounded to decimal places, halves away from zero, as the server's float fields are."""
    if abs(number) >= 1e15:  # a float of that size has no decimal places
        return number
    step = Decimal(1).scaleb(-places)
    return float(Decimal(repr(number)).quantize(step, rounding=ROUND_HALF_UP))


def round_to(amount: float, step: float) -> float:
    """The multiple of `step` next to an amount, halves away from zero; the amount itself where step is 0."""
    # beyond 1e15 a float has no decimal places to round
    if step <= 0 or not math.isfinite(amount) or abs(amount) >= 1e15:
        return amount
    unit = Decimal(repr(step))
    return float((Decimal(repr(amount)) / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP) * unit)


class Monetary(Float):
    type = "monetary"
    positional = ("string", "currency_field")

    def _describe_own(self) -> dict[str, Any]:
        return {"currency_field": self.currency_field} if self.currency_field else {}


class Boolean(Field):
    type = "boolean"

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        return bool(value)

    def to_text(self, value: Any) -> str:
        return "true" if value else "false"


class Selection(Field):
    type = "selection"
    positional = ("selection", "string")

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        # a list that the data decides is checked by the caller, who can see the data
        if isinstance(self.selection, list) and not any(value == key for key, _ in self.selection):
            raise ValueError(f"Wrong value for {self.model}.{self.name}: {value!r}")
        return value

    def to_condition(self, value: Any) -> Any:
        return None if value is None or value is False else value


class Json(Field):
    type = "json"

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        return copy.deepcopy(value) if value else None

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        return False if value is None else copy.deepcopy(value)


# the names of the attributes that a field can have
ATTRIBUTES = frozenset(attribute.name for attribute in dataclasses.fields(Field))


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, [*ATTRIBUTES, *_ALIASES, *_WITHOUT_EFFECT], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def make(name: str, attributes: dict[str, Any]) -> Field:
    """A field from its attributes; raises `UnknownFieldType` and `TypeError` for bad ones."""
    attributes = dict(attributes)
    type_name = attributes.pop("type")
    try:
        cls = TYPES[type_name]
    except (KeyError, TypeError):
        raise UnknownFieldType(f"unknown field type {type_name!r}") from None
    attributes.setdefault("copy", type_name != "one2many")
    attributes.setdefault("string", name.replace("_", " ").title())
    return cls(name=name, **attributes)
