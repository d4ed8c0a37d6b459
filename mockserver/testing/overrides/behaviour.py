"""What a test says about a server's methods and models: other answers, new ones, and which calls it expects."""

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
        self, model: str | None, method: str, *, ids: bool | None = None, private: bool | None = None
    ) -> Callable[[Function], Function]:
        """Put a function in the place of a method, or give the model a new one.

            @odoo.on_call("sale.order", "action_confirm")
            def confirm(records, parent):
                if not records.partner_id.email:
                    raise UserError("The customer has no e-mail address.")
                return parent()

        It takes the records and the arguments of the call, and returns what the method would.  A second parameter
        named `parent` is what it hides: `parent()` with the same arguments, `parent(…)` with others.  `model` None
        or "*": every model.  `ids=False`: a new method that works on the model, so calls pass no ids.  `private`:
        whether the wire may not call it; as its name says unless given.  An error of `mockserver.errors` is answered
        as such; any other exception is answered as the real server does, and raised in the test at its end.
        Raises ValueError for an unknown model or a name that no method has, TypeError for what is no function.
        """
        return self.overrides.on_call(model, method, ids=ids, private=private)

    def respond(
        self, model: str | None, method: str, *answers: Any, ids: bool | None = None, private: bool | None = None
    ) -> None:
        """Let a method answer with a value: `odoo.respond("sale.order", "action_confirm", True)`.

        Several answers are given in turn, the last one from then on.  An exception is raised, on purpose and so not in
        the test; a function is called as one of `on_call`.  The rest is as `on_call` has it.
        """
        self.overrides.respond(model, method, *answers, ids=ids, private=private)

    def model(self, cls: Class) -> Class:
        """Give the server a model, or extend one that it has, by a class; a decorator too.

            @odoo.model
            class Machine(models.Model):
                _name = "x.machine"
                name = fields.Char(required=True)
                partner_id = fields.Many2one("res.partner", ondelete="restrict")

                def start(self):
                    return self.write({"running": True})

        `from mockserver import api, fields, models`.  The class is kept in the registry of each database, so a reset
        undoes it.  Raises `ModelError`, which names the class, what is wrong in it, and the line.
        """
        self.overrides.define(cls)
        return cls

    def expect_only(self, *calls: str | tuple[str, str]) -> None:
        """Refuse every call of a model but these, and fail the test if there was one.

        `odoo.expect_only("res.partner.create", ("sale.order", "*"))`.  `*` and `?` stand for any text.  More calls of
        it allow more.  Logging in is always allowed.  Raises ValueError for a model or method that there is not.
        """
        self.allowed.add(calls)
