"""A call of this dialect: it knows what is still to be done with its value."""

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
    """A call, and the function that performs it and makes the answer's value."""

    work: Callable[[OdooRestApi, PlannedCall], Any] = _execute


def plan_call(
    dialect: OdooRestApi, session: Session, model: str, method: str, *args: Any, **kwargs: Any
) -> PlannedCall:
    """Return a method of a model, called by the session's user in the session's context unless another is given."""
    kwargs.setdefault("context", session.context)
    call = PlannedCall(dialect.name, "rest", method, list(args), kwargs, session.db, session.uid)
    call.model = model
    return call
