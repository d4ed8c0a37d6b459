"""Field types: how a value of each is checked, stored, read, compared and described.

Each type is a class, registered by its `type` name.  `None` is SQL NULL in the store.  A field is declared in a model
class as on the real server, `name = fields.Char("Name", required=True)`, or in a fixture by the same attributes.
Source: versions.md §7.3, §9.5; recorded in core-types (17.0).
"""

from __future__ import annotations

import copy
import dataclasses
import difflib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import profiles
from mockserver.orm.fields import json_values, kind
from mockserver.orm.fields.importing import FIELD, Importing, Problem
from mockserver.orm.fields.kind import FieldType
from mockserver.orm.fields.spaces import Among, Known, Space
from mockserver.profiles import Rules

if TYPE_CHECKING:
    from typing_extensions import Self

TYPES: dict[str, type[Field]] = {}
# attribute names of the real server → the names used here; '' is ignored
_ALIASES = {
    "comodel_name": "relation", "inverse_name": "relation_field", "model_field": "relation_field",
    "column2": "relation_column", "definition": "definition_record", "group_operator": "aggregator",
    "oldname": "", "column1": "",
}  # fmt: skip
# conversions of attributes that can be given in several forms
_PLAIN: dict[str, Any] = {
    "depends": tuple,
    "selection": lambda given: [list(pair) for pair in given] if isinstance(given, (list, tuple)) else given,
    "selection_add": lambda given: [list(pair) for pair in given],
}
# attributes of the real server that have no effect here
_WITHOUT_EFFECT = frozenset(
    """
    auto_join bypass_search_access change_default check_company compute_sudo default_export_compatible
    depends_context export_string_translate exportable falsy_value_label group_expand index
    precompute prefetch recursive sanitize_attributes sanitize_form sanitize_overridable
    sanitize_tags states strip_classes strip_style trim unaccent validate verify_resolution
    """.split()  # noqa: SIM905
)


class UnknownFieldType(ValueError):
    """The name of a field type does not exist."""


@dataclass(kw_only=True, eq=False, init=False)
class Field(FieldType):
    """A field of a model; the attributes are those of `fields_get`, of the fixtures and of the real server's code.

    `Field(*positional, **attributes)` also accepts the real server's names.
    Raises TypeError for an attribute that the type does not have.
    """

    positional: ClassVar[tuple[str, ...]] = ("string",)  # the attributes that a declaration may give by position

    name: str = ""
    model: str = ""
    string: str = ""
    required: bool = False
    readonly: bool = False
    store: bool = True
    kept: bool = False  # rows hold a value that a live server computed but did not store
    searchable: bool = True
    sortable: bool = True
    copy: bool = True
    translate: bool = False
    company_dependent: bool = False
    manual: bool = False
    selection: Any = None  # [[value, label]], or {"call": name} for choices that depend on the data
    selection_add: Any = None  # choices that an extension adds
    size: int | None = None
    attachment: bool = True  # binary: the content is an attachment of the record
    sanitize: bool = True  # html: whether scripts and the like are removed
    sanitize_style: bool = False  # html: whether styles are reduced to known ones
    max_width: int = 0  # of a picture, in pixels; 0 is any
    max_height: int = 0
    digits: Any = None
    relation: str | None = None  # the comodel
    relation_field: str | None = None  # one2many: the inverse many2one of the comodel
    relation_table: str | None = None
    relation_column: str | None = None  # many2many: the table's column that holds the comodel's id
    mirror: str | None = None  # many2many: the field of the comodel that stores the same relation
    ondelete: str | None = None
    related: str | None = None
    depends: tuple[str, ...] = ()
    internal: bool = False  # the mock keeps it for itself: clients are not told of it
    computed: bool = False  # the real server computes and stores it; `compute` is set if the mock does, too
    compute: str | None = None  # the method that computes it
    inverse: str | None = None  # the method that applies a value written to the field
    search: str | None = None  # the method that turns a condition on the field into a domain
    tracking: Any = None
    aggregator: str | None = None
    currency_field: str | None = None
    definition_record: str | None = None
    groups: str | None = None
    help: str | None = None
    domain: list[Any] | None = None  # x2many: which lines the field shows
    context: dict[str, Any] | None = None  # x2many: added to the context when the lines are searched
    module: str = "base"
    inherited: bool = False
    since: int = profiles.FIRST  # first and last generation that has the field
    until: int | None = None

    def __init__(self, *positional: Any, **attributes: Any) -> None:
        if len(positional) > len(self.positional):
            raise TypeError(f"fields.{type(self).__name__} takes {', '.join(self.positional)} by position")
        if "default" in attributes:
            self.has_default, self.default = True, attributes.pop("default")
        if "name" not in attributes:  # a declaration in a class
            frame = sys._getframe(1)
            self.place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        given: dict[str, Any] = {}
        for name, value in (*zip(self.positional, positional, strict=False), *attributes.items()):
            known = _ALIASES.get(name, name)
            if known in given:
                raise TypeError(f"fields.{type(self).__name__} is given {name!r} twice")
            if known in ATTRIBUTES:
                given[known] = _PLAIN[known](value) if value and known in _PLAIN else value
            elif known and known not in _WITHOUT_EFFECT:
                raise TypeError(f"fields.{type(self).__name__} has no attribute {name!r}{_nearest(name)}")
        self.__dict__.update(given)

    @property
    def given(self) -> dict[str, Any]:
        """The attributes that were passed."""
        return {name: value for name, value in self.__dict__.items() if name in ATTRIBUTES}

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
        """Return the same field with other attributes."""
        made = object.__new__(type(self))
        attributes = made.__dict__
        attributes.update(self.__dict__)
        for name in _NOT_GIVEN:
            attributes.pop(name, None)
        attributes.update(changes)
        return made

    @cached_property
    def column(self) -> bool:
        """Whether rows have a key for this field."""
        return (self.store or self.company_dependent or self.kept) and self.has_column and self.mirror is None

    @cached_property
    def direct(self) -> bool:
        """Whether the value is under that key alone, for every user."""
        return self.column and not (self.x2many or self.translate or self.company_dependent)

    @cached_property
    def shown_unchanged(self) -> bool:
        """Whether `read` shows a value as rows hold it, and `empty` for NULL."""
        return not self.relational and type(self).to_read is FieldType.to_read

    @property
    def uncomputed(self) -> bool:
        """Whether the real server computes the field and the mock does not: it is empty, or what was written."""
        if self.compute or self.related or self.name in ("display_name", "__last_update"):
            return False
        kept = self.column or self.mirror is not None or (self.x2many and self.store)
        return self.computed or not kept

    @cached_property
    def comodel(self) -> str:
        """Name of the model that a relational field points to, empty where there is none."""
        return self.relation or ""

    @property
    def own_aggregate(self) -> str | None:
        """The function of groups for the field where none is named; `none` in a fixture says that there is none."""
        if self.aggregator:
            return None if self.aggregator == "none" else self.aggregator
        return "sum" if self.summed and self.name != "id" else None

    def describe(self, selection: list[list[str]] | None) -> dict[str, Any]:
        """Return the description that `fields_get` gives, with all attributes of 17.0."""
        described: dict[str, Any] = {
            "type": self.described_type, "string": self.string, "required": self.required, "readonly": self.readonly,
            "store": self.store, "searchable": self.searchable, "sortable": self.sortable, "name": self.name,
            "company_dependent": self.company_dependent, "manual": self.manual, "depends": list(self.depends),
            "exportable": True, "change_default": False, "default_export_compatible": False,
        }  # fmt: skip
        for attribute in ("relation", "related", "currency_field", "groups"):
            if value := getattr(self, attribute):
                described[attribute] = value
        if self.help is not None:
            described["help"] = self.help
        if selection is not None:
            described["selection"] = selection
        if self.relational:
            described |= {"domain": self.domain or [], "context": self.context or {}}
        if self.own_aggregate and self.store:
            described["group_operator"] = self.own_aggregate
        return described | self._describe_own()

    def _describe_own(self) -> dict[str, Any]:
        return {}


class Selection(Field):
    type = "selection"
    positional = ("selection", "string")
    sql_type = "character varying"
    aggregates = kind.ORDERED
    holds = "choice"
    json_value = json_values.CHOICE

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        # choices that depend on the data are checked by the caller, which has access to the data
        if isinstance(self.selection, list) and value not in self._keys:
            raise ValueError(f"Wrong value for {self.model}.{self.name}: {value!r}")
        return value

    @cached_property
    def _keys(self) -> tuple[Any, ...]:
        """The values that can be chosen, where they do not depend on the data."""
        return tuple(key for key, _ in self.selection)

    def to_condition(self, value: Any) -> Any:
        if isinstance(value, str) and isinstance(self.selection, list) and all(type(key) is int for key in self._keys):
            return int(value)  # the column holds numbers
        return None if value is None or value is False else value

    def from_text(self, value: Any, source: Importing) -> Any:
        choices = source.choices(self)
        for key, label in choices:
            if value.lower() in (str(key).lower(), str(label).lower()):
                return key
        raise Problem(
            f"Value '{value}' not found in selection field '{FIELD}'",
            {"moreinfo": [label or str(key) for key, label in choices if label or key]},
        )

    def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
        if not isinstance(self.selection, list):
            return value or ""
        return next((label for key, label in self.selection if key == value), rules.export_empty_selection)

    @classmethod
    def missing_attribute(cls, attributes: Mapping[str, Any]) -> str | None:
        given = isinstance(attributes.get("selection"), (list, dict))
        return None if given else "'selection', a list of [value, label]"

    def choice(self, value: Any) -> Any:
        return value

    def space(self, known: Known) -> Space | None:
        values = tuple(known.choices(self))
        return Among(values=values) if values else None


class Json(Field):
    type = "json"
    grouped = False

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        return copy.deepcopy(value) if value else None

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        return False if value is None else copy.deepcopy(value)

    def from_text(self, value: Any, source: Importing) -> Any:
        try:
            return json.loads(value)
        except ValueError:
            raise Problem(f"'{value}' does not seem to be a valid JSON for field '{FIELD}'", {}) from None


# the names of the attributes that a field can have
ATTRIBUTES = frozenset(attribute.name for attribute in dataclasses.fields(Field))
# what the dict of a field may hold besides
_NOT_GIVEN = ("has_default", "default", "place", "column", "direct", "shown_unchanged", "comodel", "_keys", "source")


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, [*ATTRIBUTES, *_ALIASES, *_WITHOUT_EFFECT], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def is_a(type_name: str | None, *classes: type[Field]) -> bool:
    """Return whether a type name stands for one of these classes or a subclass; False for an unknown name."""
    return issubclass(TYPES.get(type_name or "", Field), classes)


def holds(type_name: str) -> str:
    """Return what a field of the named type holds, as `FieldType.holds`; "data" for an unknown type."""
    return TYPES.get(type_name, Field).holds


def make(name: str, attributes: Mapping[str, Any], *, model: str = "") -> Field:
    """Return a field from its attributes; raises `UnknownFieldType` and `TypeError` for bad ones."""
    given = {**attributes, "name": name}
    if model:
        given["model"] = model
    try:
        cls = TYPES[given.pop("type")]
    except (KeyError, TypeError):
        raise UnknownFieldType(f"unknown field type {attributes.get('type')!r}") from None
    if "string" not in given:
        given["string"] = name.replace("_", " ").title()
    if not ATTRIBUTES.issuperset(given):
        return cls(**given)
    for converted, convert in _PLAIN.items():
        if given.get(converted):
            given[converted] = convert(given[converted])
    made = object.__new__(cls)  # without looking at each attribute again, which takes longest in large fixtures
    made.__dict__ = given
    return made
