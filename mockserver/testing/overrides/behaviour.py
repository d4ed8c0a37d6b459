"""The part of the kit for methods and models: overrides, new models, and the expected calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mockserver.server.app import App
from mockserver.testing.overrides import Overrides
from mockserver.testing.strict import Strict
from mockserver.testing.strict.allowed import Allowed

Class = TypeVar("Class", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])


class Behaviour:
    """The part of `Kit` about methods and models.  All of it ends with the test."""

    app: App
    overrides: Overrides
    allowed: Allowed
    strict: Strict

    def on_call(
        self,
        model: str | None,
        method: str,
        *,
        ids: bool | None = None,
        private: bool | None = None,
        optional: bool = False,
    ) -> Callable[[Function], Function]:
        """Replace a method by a function, or add a method to a model.

            @odoo.on_call("sale.order", "action_confirm")
            def confirm(records, parent):
                if not records.partner_id.email:
                    raise UserError("The customer has no e-mail address.")
                return parent()

        It takes the records and the arguments of the call, and returns what the method would.  A second parameter
        named `parent` is the replaced method: `parent()` with the same arguments, `parent(…)` with others.  `model`
        None or "*": every model.  `ids=False`: a new method that works on the model, so calls pass no ids.  `private`:
        whether clients may not call it; by default as its name says.  The test fails if nothing called it, unless it is
        `optional`.  An error of `mockserver.errors` is answered
        as such; any other exception is answered as the real server does, and raised in the test at its end.
        Raises ValueError for an unknown model or an invalid method name, TypeError for anything but a function.
        """
        return self.overrides.on_call(model, method, ids=ids, private=private, optional=optional)

    def respond(
        self,
        model: str | None,
        method: str,
        *answers: Any,
        ids: bool | None = None,
        private: bool | None = None,
        optional: bool = False,
    ) -> None:
        """Make a method return a value: `odoo.respond("sale.order", "action_confirm", True)`.

        Several answers are returned in turn, and the last one from then on.  An exception is raised for the client, and
        does not fail the test; a function is called as in `on_call`, whose keywords apply here too.
        """
        self.overrides.respond(model, method, *answers, ids=ids, private=private, optional=optional)

    def model(self, cls: Class) -> Class:
        """Define a model of the server by a class, or extend one; also usable as a decorator.

            @odoo.model
            class Machine(models.Model):
                _name = "x.machine"
                name = fields.Char(required=True)
                partner_id = fields.Many2one("res.partner", ondelete="restrict")

                def start(self):
                    return self.write({"running": True})

        `from mockserver import api, fields, models`.  The class is kept in the registry of each database, so a reset
        undoes it.  Raises `ModelError`, which names the class, the mistake and the line.
        """
        self.overrides.define(cls)
        return cls

    def expect_only(self, *calls: str | tuple[str, str]) -> None:
        """Refuse every call of a model but these, and fail the test if there was one.

        `odoo.expect_only("res.partner.create", ("sale.order", "*"))`.  `*` and `?` are wildcards.  Further uses
        allow more.  Logging in is always allowed.  Raises ValueError for an unknown model or method.
        """
        self.allowed.add(calls)
