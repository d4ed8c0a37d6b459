"""Calls with the function that performs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockserver.services import Call
from mockserver.services.sessions import Session

if TYPE_CHECKING:
    from mockserver.dialects.rest.odoo_rest_api import OdooRestApi


def _execute(dialect: OdooRestApi, call: PlannedCall) -> Any:
    return dialect.services.execute(call)


@dataclass(slots=True)
class PlannedCall(Call):
    """A call and the function `work`, which performs it and returns the value of the answer."""

    work: Callable[[OdooRestApi, PlannedCall], Any] = _execute


def plan_call(
    dialect: OdooRestApi, session: Session, model: str, method: str, *args: Any, **kwargs: Any
) -> PlannedCall:
    """Return a call of a model's method by the session's user, in the session's context unless another is given."""
    kwargs.setdefault("context", session.context)
    call = PlannedCall(dialect.name, "rest", method, list(args), kwargs, session.db, session.uid)
    call.model = model
    return call
