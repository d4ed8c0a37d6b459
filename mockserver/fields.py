"""The fields of models, as they are declared in a model class: `name = fields.Char("Name", required=True)`."""

from mockserver.orm.fields.base import Field, Json, Selection
from mockserver.orm.fields.binary import Binary, Image
from mockserver.orm.fields.numbers import Boolean, Float, Integer, Monetary
from mockserver.orm.fields.relational import (
    Many2many,
    Many2one,
    Many2oneReference,
    One2many,
    Properties,
    PropertiesDefinition,
    Reference,
)
from mockserver.orm.fields.temporal import Date, Datetime
from mockserver.orm.fields.texts import Char, Html, Text

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
    "Properties",
    "PropertiesDefinition",
    "Reference",
    "Selection",
    "Text",
]
