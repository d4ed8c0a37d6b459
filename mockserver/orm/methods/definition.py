"""The base classes of model classes; a class defines its model in its body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from mockserver.orm.methods import BaseModel


class Model(BaseModel):
    """A model with a table.

    `_name` names a new model.  `_inherit` alone names the model that the class extends; together with `_name` it names
    the models whose fields and methods the new one gets.
    """

    _name: str
    _inherit: ClassVar[str | Sequence[str]] = ()
    _inherits: ClassVar[Mapping[str, str]] = {}
    _description: ClassVar[str | None] = None
    _order: ClassVar[str | None] = None
    _rec_name: ClassVar[str | None] = None
    _rec_names_search: ClassVar[Sequence[str]] = ()
    _parent_name: ClassVar[str | None] = None
    _parent_store: ClassVar[bool] = False
    _log_access: ClassVar[bool] = True
    _auto: ClassVar[bool] = True  # without a table, the rows are those of `_query_rows`
    # `(name, "UNIQUE(code)" or "CHECK(amount > 0)", message)`
    _sql_constraints: ClassVar[Sequence[tuple[str, str, str]]] = ()
    _abstract: ClassVar[bool] = False
    _transient: ClassVar[bool] = False


class AbstractModel(Model):
    """A model without a table, whose fields and methods other models inherit."""

    _abstract = True


class TransientModel(Model):
    """A model for wizards."""

    _transient = True
