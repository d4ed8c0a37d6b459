"""Computed fields: the functions, what they depend on, and their inverses.

A function takes a recordset of one record and returns the value as a row would hold it (`None` is
NULL, a many2one is an id).  What to do with it — keep it or compute it at each read — is told by the
field's `store`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset

Compute = Callable[["Recordset"], Any]
# takes the records and the value written, returns the values to write instead
Inverse = Callable[["Recordset", Any], dict[str, Any]]
# takes one row's recordset, tells whether the row is allowed
Check = Callable[["Recordset"], bool]

AnyCompute = TypeVar("AnyCompute", bound=Compute)
AnyInverse = TypeVar("AnyInverse", bound=Inverse)
AnyCheck = TypeVar("AnyCheck", bound=Check)


@dataclass(frozen=True)
class Computed:
    """How one field is computed; `depends` are paths such as `parent_id.name`."""

    function: Compute
    depends: tuple[str, ...]


COMPUTED: dict[tuple[str, str], Computed] = {}
INVERSES: dict[tuple[str, str], Inverse] = {}
CHECKS: dict[str, Check] = {}


def compute(model: str, *fields: str, depends: tuple[str, ...] = ()) -> Callable[[AnyCompute], AnyCompute]:
    """Register the function of a computed field."""

    def add(function: AnyCompute) -> AnyCompute:
        for field in fields:
            if (model, field) in COMPUTED:
                raise ValueError(f"{model}.{field} is computed twice")
            COMPUTED[model, field] = Computed(function, depends)
        return function

    return add


def inverse(model: str, field: str) -> Callable[[AnyInverse], AnyInverse]:
    """Register what writing a computed field writes instead."""

    def add(function: AnyInverse) -> AnyInverse:
        INVERSES[model, field] = function
        return function

    return add


def check(name: str) -> Callable[[AnyCheck], AnyCheck]:
    """Register the predicate of a `check` constraint under its name."""

    def add(function: AnyCheck) -> AnyCheck:
        CHECKS[name] = function
        return function

    return add


# (model, field) → what searches a field without a column: (env, operator, value) → condition
SEARCHES: dict[tuple[str, str], Callable[..., Any]] = {}
