"""Random work with business documents, as clients do it: every value is one that a user could enter."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any

from tests.dialects.wire import DB, PASSWORD
from tests.fuzz.sent import JSON, Sent
from tests.fuzz.target import Outcome, Target

# a generator of requests that is given what came of each
Work = Generator[Sent, Outcome, Any]

QUANTITIES = (1, 2, 3, 5, 0, 0.5, 10, 1000, -1, 0.333)
PRICES = (0, 1, 9.99, 100, 0.005, 1234.56, -5)
DAYS = ("2026-03-16", "2026-03-02", "2026-02-28", "2026-12-31", "2025-12-31")
# beginnings of the names of methods that are buttons of forms
_BUTTONS = ("action_", "button_", "do_", "post", "invoice_", "set_", "register_", "refund", "reverse_", "process",
"create_",
            "change_", "apply", "compute_", "validate_")  # fmt: skip
# of the models without forms of their own: what a wizard's buttons are called
_WIZARD_BUTTONS = (*_BUTTONS, "modify_", "reverse")
_NOT_PRESSED = frozenset({"action_archive", "action_unarchive"})
# what is given in place of a value by mistake: ids of nothing, and values of other types
_MISTAKES: tuple[Any, ...] = (10**9, -1, 0, False, True, None, "x", "", 0.5, [], {}, [10**9], {"x": 1})
# of what a colleague may do
_GROUPS = ("sales_team.group_sale_manager", "stock.group_stock_user", "account.group_account_invoice")


class Walk:
    """One client's work: it looks at the database to choose, and does everything over the wire."""

    def __init__(self, random: Random, target: Target) -> None:
        self.random = random
        self.target = target
        self.database = target.database
        self.product: list[int] = []
        self.clients = [(target.uid, PASSWORD)]  # the first one sends the next request
        self.latest: Sent | None = None

    def has(self, model: str) -> bool:
        """Return whether a model is there."""
        return model in self.database.registry

    def fields(self, model: str, **values: Any) -> dict[str, Any]:
        """Return those of the values whose fields the model has."""
        known = self.database.registry[model].fields
        return {name: value for name, value in values.items() if name in known}

    def any_id(self, model: str) -> int:
        """Return the id of a record, the newest ones most often; 0 if there is none."""
        ids = list(self.database.store.rows(model)) if self.has(model) else []
        return self.random.choice(ids[-6:]) if ids else 0

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Generator[Sent, Outcome, Any]:
        """Send a call; return its result, None for an error."""
        uid, password = self.clients[0]
        params = {"service": "object", "method": "execute_kw",
                  "args": [DB, uid, password, model, method, list(args), kwargs]}  # fmt: skip
        self.latest = Sent("/jsonrpc", media=JSON, body={"json": {"id": 1, "params": params}}, fair=True)
        outcome = yield self.latest
        return outcome.result

    def buttons(self, model: str) -> list[str]:
        """Return the names of the methods that are buttons."""
        rules = self.database.profile.rules
        methods = self.database.env()[model]._methods
        known = [name for name in methods if name.startswith(_WIZARD_BUTTONS) and name not in _NOT_PRESSED]
        return [name for name in known if methods[name].positional in (None, 1) and not methods[name].refused(rules)]

    def in_state(self, model: str, states: tuple[str, ...]) -> list[int]:
        """Return the ids of the documents that are in one of these states, the newest last."""
        rows = self.database.store.rows(model) if self.has(model) else {}
        return [id_ for id_, row in rows.items() if row.get("state") in states]

    def open_steps(self) -> list[tuple[str, int, str]]:
        """Return what would take documents from the state in which they are to another: model, id, method."""
        methods = {model: self.database.env()[model]._methods for model, _, _ in _NEXT if self.has(model)}
        return [
            (model, id_, method)
            for model, states, method in _NEXT
            if method in methods.get(model, ())
            for id_ in self.in_state(model, states)[-3:]
        ]

    # -- steps

    def hand_over(self) -> None:
        """Let the other client send what follows."""
        self.clients.reverse()

    def document(self) -> Work:
        """Make a document."""
        model, create = self.random.choice([step for step in _STEPS if self.has(step[0])])
        yield from create(self, model)

    def take_on(self) -> Work:
        """Take a document to another state by the button for it."""
        model, id_, method = self.random.choice(self.open_steps())
        yield from self._press(model, id_, method)

    def move_goods(self) -> Work:
        """Say how much of each product was moved, which may be a part of it, and validate the transfer."""
        picking = self.random.choice(self.in_state("stock.picking", ("assigned", "confirmed"))[-3:])
        rows = self.database.store.rows("stock.move")
        for move in [id_ for id_, row in rows.items() if row.get("picking_id") == picking]:
            quantity = self.random.choice(QUANTITIES)
            done = self.fields("stock.move", quantity_done=quantity) or self.fields("stock.move", quantity=quantity)
            if done and self.random.random() < 0.7:
                yield from self.call("stock.move", "write", [move], done)
        yield from self._press("stock.picking", picking, "button_validate")

    def _document(self) -> tuple[str, int]:
        """Return any document that is there; the id of none if everything was deleted."""
        held = [model for model, _ in _STEPS if self.any_id(model)]
        stateful = {model for model, _, _ in _NEXT}.intersection(held)
        choices = sorted(stateful) if stateful and self.random.random() < 0.7 else held
        model = self.random.choice(choices or ["sale.order"])
        return model, self.any_id(model)

    def press_any(self) -> Work:
        """Press any button of any document."""
        model, id_ = self._document()
        buttons = self.buttons(model)
        if buttons:
            yield from self._press(model, id_, self.random.choice(buttons))

    def change(self) -> Work:
        """Change a document."""
        model, id_ = self._document()
        vals = _changes(self, model, id_)
        if vals:
            yield from self.call(model, "write", [id_], vals)

    def copy_or_delete(self) -> Work:
        """Copy a document, or delete it; but no quant, since quants are what was moved."""
        model, id_ = self._document()
        if model == "stock.quant":
            return
        yield from self.call(model, self.random.choice(("copy", "unlink", "unlink")), [id_])

    def err(self) -> Work:
        """Send the latest request again with another value in one place."""
        assert self.latest is not None
        body = deepcopy(dict(self.latest.body))
        places = list(_places(body["json"]["params"]["args"][5:]))
        if places:
            holder, key = self.random.choice(places)
            holder[key] = self.random.choice(_MISTAKES)
            yield replace(self.latest, body=body, fair=False)

    def prepare(self) -> Work:
        """Make what the documents need: products, some in stock, a partner, a colleague."""
        goods = self.fields("product.product", type="consu", is_storable=True)
        if "is_storable" not in goods:
            goods = self.fields("product.product", detailed_type="product") or {"type": "product"}
        for number, kind in enumerate((goods, {"type": "service"}, {"type": "consu"})):
            vals = {"name": f"P{number}", "list_price": 10.5, "standard_price": 4, "invoice_policy": "order", **kind}
            self.product.append((yield from self.call("product.product", "create", vals)) or 1)
        yield from self.call("res.partner", "create", {"name": "Walker", "email": "w@x.y"})
        if "inventory_quantity" in self.database.registry["stock.quant"].fields:
            stock = self.target.kit.ref("stock.stock_location_stock").id
            quant = yield from self.call(
                "stock.quant", "create", {"product_id": self.product[0], "location_id": stock, "inventory_quantity": 50}
            )
            yield from self.call("stock.quant", "action_apply_inventory", [quant])

        yield from self._colleague()

    def _colleague(self) -> Work:
        env = self.database.env()
        groups = [group.id for group in (env.ref(name, raise_if_not_found=False) for name in _GROUPS) if group]
        given = {name: [[4, group] for group in groups] for name in ("group_ids", "groups_id")}
        vals = {"name": "Colleague", "login": "colleague", "password": "colleague", **self.fields("res.users", **given)}
        uid = yield from self.call("res.users", "create", vals)
        if uid:
            self.clients.append((uid, "colleague"))

    def _press(self, model: str, id_: int, button: str) -> Work:
        result = yield from self.call(model, button, [id_])
        if isinstance(result, dict) and isinstance(result.get("res_model"), str) and result.get("target") == "new":
            yield from self._wizard(result)

    def _wizard(self, action: dict[str, Any]) -> Work:
        """Fill in a wizard that a button opened, and press one of its buttons."""
        model, context = action["res_model"], action.get("context") or {}
        if not self.has(model) or not isinstance(context, dict):
            return
        made = action.get("res_id") or (yield from self.call(model, "create", {}, context=context))
        buttons = self.buttons(model)
        if made and buttons:
            yield from self.call(model, self.random.choice(buttons), [made], context=context)

    # -- documents

    def line(self, model: str) -> dict[str, Any]:
        """Return the values of a line of an order or of an invoice."""
        quantity, price = self.random.choice(QUANTITIES), self.random.choice(PRICES)
        product = self.random.choice(self.product or [1])
        given = {"product_id": product, "name": "Line", "product_uom_qty": quantity, "product_qty": quantity,
        "quantity": quantity,
                 "price_unit": price, "date_planned": "2026-03-20 10:00:00", "discount": self.random.choice((0, 0, 10,
                 33.33))}  # fmt: skip
        return self.fields(model, **given)

    def lines(self, model: str) -> list[Any]:
        """Return commands that make lines."""
        return [[0, 0, self.line(model)] for _ in range(self.random.randrange(1, 4))]

    def order(self, model: str) -> Work:
        """Make an order of sales or purchases."""
        vals = {"partner_id": self.any_id("res.partner"), "order_line": self.lines(f"{model}.line")}
        lead = self.any_id("crm.lead")
        if lead and self.random.random() < 0.5:
            vals |= self.fields(model, opportunity_id=lead)
        yield from self.call(model, "create", vals)

    def invoice_of_order(self, model: str) -> Work:
        """Make the invoice of an order of sales."""
        how = self.random.choice(("delivered", "percentage", "fixed"))
        order = self.any_id("sale.order")
        amounts = {"amount": 10, "fixed_amount": 10, "sale_order_ids": [[6, 0, [order]]]}
        vals = self.fields(model, advance_payment_method=how, **amounts)
        context = {"active_model": "sale.order", "active_ids": [order], "active_id": order}
        wizard = yield from self.call(model, "create", vals, context=context)
        if wizard:
            yield from self.call(model, "create_invoices", [wizard], context=context)

    def invoice(self, model: str) -> Work:
        """Make an invoice, a bill, a credit note or an entry."""
        kind = self.random.choice(("out_invoice", "in_invoice", "out_refund", "in_refund", "out_receipt"))
        vals: dict[str, Any] = {
            "partner_id": self.any_id("res.partner"),
            **self.fields(model, move_type=kind, type=kind),
        }
        vals |= self.fields(model, invoice_date=self.random.choice(DAYS), date_invoice=self.random.choice(DAYS))
        if "invoice_line_ids" in self.database.registry[model].fields:
            comodel = self.database.registry[model].fields["invoice_line_ids"].comodel or ""
            vals["invoice_line_ids"] = self.lines(comodel)
        yield from self.call(model, "create", vals, context={"default_move_type": kind, "default_type": kind})

    def payment(self, model: str) -> Work:
        """Pay an invoice by the wizard for it."""
        move = self.any_id("account.move")
        context = {"active_model": "account.move", "active_ids": [move], "active_id": move}
        wizard = yield from self.call(model, "create", self.random.choice(({}, {}, {"amount": 5})), context=context)
        if wizard:
            yield from self.call(model, self.random.choice(self.buttons(model)), [wizard], context=context)

    def reversal(self, model: str) -> Work:
        """Take an invoice back by the wizard for it."""
        move = self.any_id("account.move")
        context = {"active_model": "account.move", "active_ids": [move], "active_id": move}
        wizard = yield from self.call(
            model, "create", self.fields(model, reason="x", date="2026-03-17"), context=context
        )
        if wizard:
            yield from self.call(
                model, self.random.choice(self.buttons(model) or ["reverse_moves"]), [wizard], context=context
            )

    def returned(self, model: str) -> Work:
        """Take goods of a transfer back by the wizard for it."""
        picking = self.any_id("stock.picking")
        context = {"active_model": "stock.picking", "active_ids": [picking], "active_id": picking}
        wizard = yield from self.call(model, "create", self.fields(model, picking_id=picking), context=context)
        if wizard:
            yield from self.call(model, self.random.choice(self.buttons(model)), [wizard], context=context)

    def transfer(self, model: str) -> Work:
        """Make a transfer."""
        kind = self.any_id("stock.picking.type")
        ends = {"location_id": self.any_id("stock.location"), "location_dest_id": self.any_id("stock.location")}
        quantity = self.random.choice(QUANTITIES)
        move = self.fields(
            "stock.move", name="x", product_id=self.product[0], product_uom_qty=quantity, product_uom=1, **ends
        )
        name = next(n for n in ("move_ids", "move_lines") if n in self.database.registry[model].fields)
        yield from self.call(model, "create", {"picking_type_id": kind, **ends, name: [[0, 0, move]]})

    def simple(self, model: str) -> Work:
        """Make a record of a model that needs little."""
        day = self.random.choice(DAYS)
        given: dict[str, Any] = {
            "name": "Thing", "partner_id": self.any_id("res.partner"), "employee_id": self.any_id("hr.employee"),
            "project_id": self.any_id("project.project"), "task_id": self.any_id("project.task"), "unit_amount": 1.5,
            "date": day, "request_date_from": day, "request_date_to": day, "date_from": f"{day} 08:00:00",
            "date_to": f"{day} 17:00:00", "start": f"{day} 08:00:00", "stop": f"{day} 09:30:00", "number_of_days": 3,
            "check_in": f"{day} 08:00:00", "check_out": self.random.choice((False, f"{day} 12:00:00")),
            "holiday_status_id": self.any_id("hr.leave.type"), "holiday_type": "employee", "expected_revenue": 100,
            "product_id": self.random.choice(self.product or [1]), "location_id": self.any_id("stock.location"),
            "inventory_quantity": self.random.choice(QUANTITIES), "scrap_qty": 1, "amount": self.random.choice(PRICES),
            "payment_type": "inbound", "partner_type": "customer", "type": "opportunity", "partner_email": "a@b.c",
        }  # fmt: skip
        known = self.fields(model, **given)
        kept = {name: value for name, value in known.items() if value or self.random.random() < 0.2}
        if model not in ("crm.lead", "account.payment"):
            kept.pop("type", None)
        yield from self.call(model, "create", kept)


def _changes(walk: Walk, model: str, id_: int) -> dict[str, Any]:
    """Return what a user changes of a document: quantities, prices, states by drag and drop, lines of its own."""
    random, known = walk.random, walk.database.registry[model].fields
    vals: dict[str, Any] = {}
    for name in (
        "product_uom_qty",
        "product_qty",
        "quantity",
        "quantity_done",
        "qty_done",
        "unit_amount",
        "inventory_quantity",
    ):
        # what is on hand is counted, not written
        if (
            name in known
            and random.random() < 0.4
            and known[name].column
            and (model, name) != ("stock.quant", "quantity")
        ):
            vals[name] = random.choice(QUANTITIES)
    if "price_unit" in known and random.random() < 0.4:
        vals["price_unit"] = random.choice(PRICES)
    for name in (
        "stage_id",
        "partner_id",
        "user_id",
        "picking_type_id",
        "currency_id",
        "pricelist_id",
        "payment_term_id",
    ):
        if name in known and random.random() < 0.25:
            vals[name] = walk.any_id(known[name].comodel or "")
    for name in ("order_line", "invoice_line_ids"):
        if name in known and random.random() < 0.5:
            comodel = known[name].comodel or ""
            lines = walk.database.env()[model].browse(id_)[name].ids
            line = random.choice(lines) if lines else 0
            vals[name] = random.choice(([[0, 0, walk.line(comodel)]], [[2, line, 0]], [[1, line, walk.line(comodel)]]))
    if not vals and "name" in known:
        vals["name"] = "Changed"
    return vals


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a value that can hold another: the list or dict, and the key there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from _places(item)


# what takes a document from one state to another
_NEXT: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("sale.order", ("draft", "sent"), "action_confirm"), ("sale.order", ("draft", "sale"), "action_cancel"),
    ("sale.order", ("cancel",), "action_draft"), ("purchase.order", ("draft", "sent"), "button_confirm"),
    ("purchase.order", ("purchase",), "action_create_invoice"), ("purchase.order", ("purchase",), "button_cancel"),
    ("stock.picking", ("draft",), "action_confirm"), ("stock.picking", ("waiting", "confirmed"), "action_assign"),
    ("stock.picking", ("waiting", "confirmed", "assigned"), "action_cancel"),
    ("account.move", ("draft",), "action_post"), ("account.move", ("draft",), "post"),
    ("account.move", ("posted",), "action_register_payment"), ("account.move", ("posted",), "action_reverse"),
    ("account.move", ("posted",), "button_draft"), ("account.invoice", ("draft",), "action_invoice_open"),
    ("account.invoice", ("open",), "action_invoice_cancel"), ("account.payment", ("draft",), "action_post"),
    ("account.payment", ("draft",), "post"), ("account.payment", ("posted", "in_process", "paid"), "action_draft"),
    ("hr.leave", ("draft",), "action_confirm"), ("hr.leave", ("confirm",), "action_approve"),
    ("hr.leave", ("validate1",), "action_validate"), ("hr.leave", ("confirm", "validate"), "action_refuse"),
    ("hr.leave.allocation", ("draft",), "action_confirm"), ("hr.leave.allocation", ("confirm",), "action_approve"),
    ("hr.leave.allocation", ("confirm", "validate1"), "action_validate"),
    ("hr.leave.allocation", ("confirm", "validate"), "action_refuse"),
)  # fmt: skip

Create = Callable[[Walk, str], Work]
_STEPS: tuple[tuple[str, Create], ...] = (
    ("sale.order", Walk.order), ("sale.order", Walk.order), ("purchase.order", Walk.order),
    ("sale.advance.payment.inv", Walk.invoice_of_order), ("account.move", Walk.invoice), ("account.invoice",
    Walk.invoice),
    ("account.payment.register", Walk.payment), ("account.move.reversal", Walk.reversal), ("account.payment",
    Walk.simple),
    ("stock.return.picking", Walk.returned), ("stock.picking", Walk.transfer), ("stock.picking", Walk.transfer),
    ("stock.scrap", Walk.simple), ("stock.move", Walk.simple), ("stock.move.line", Walk.simple),
    ("stock.quant", Walk.simple), ("sale.order.line", Walk.simple), ("purchase.order.line", Walk.simple),
    ("crm.lead", Walk.simple), ("project.project", Walk.simple), ("project.task", Walk.simple),
    ("account.analytic.line", Walk.simple), ("hr.employee", Walk.simple), ("hr.leave", Walk.simple),
    ("hr.leave.allocation", Walk.simple), ("hr.attendance", Walk.simple), ("helpdesk.ticket", Walk.simple),
    ("calendar.event", Walk.simple), ("mail.activity", Walk.simple),
)  # fmt: skip
