"""Models written as classes: what they declare, how they extend each other, and what a mistake in one says."""

from __future__ import annotations

import inspect
import re
import xmlrpc.client
from pathlib import Path
from typing import Any

import pytest

from mockserver import AccessError, MockServer, ModelError, UserError, ValidationError, api, fields, models


class Order(models.Model):
    _name = "x.order"
    _description = "Order"
    _order = "name desc"
    _sql_constraints = [  # noqa: RUF012  as Odoo has it
        ("name_uniq", "UNIQUE(name)", "The number is taken."),
        ("rank_positive", "CHECK(rank >= 0)", "A rank is not negative."),
    ]

    name = fields.Char("Number", required=True, default=lambda self: self._next_number())
    partner_id = fields.Many2one("res.partner", "Customer", ondelete="restrict")
    city = fields.Char(related="partner_id.city", store=True)
    rank = fields.Integer(default=1)
    day = fields.Date(default=fields.Date.today)
    state = fields.Selection([("draft", "Draft"), ("done", "Done")], default="draft")
    line_ids = fields.One2many("x.order.line", "order_id")
    total = fields.Float(compute="_compute_total", store=True)
    half = fields.Float(compute="_compute_half", inverse="_inverse_half", search="_search_half")

    def _next_number(self) -> str:
        return f"O{len(self.search([])) + 1}"

    @api.depends("line_ids.subtotal")
    def _compute_total(self) -> None:
        for order in self:
            order.total = sum(order.line_ids.mapped("subtotal"))

    @api.depends("total")
    def _compute_half(self) -> None:
        for order in self:
            order.half = order.total / 2

    def _inverse_half(self) -> None:
        for order in self:
            order.line_ids = [(5,), (0, 0, {"price": order.half * 2})]

    def _search_half(self, operator: str, value: Any) -> list[Any]:
        return [("total", operator, value * 2)]

    @api.constrains("state")
    def _check_state(self) -> None:
        if any(order.state == "done" and not order.line_ids for order in self):
            raise ValidationError("An order that is done has lines.")

    @api.onchange("partner_id")
    def _onchange_partner(self) -> dict[str, Any] | None:
        self.rank = self.partner_id.color or 5
        if self.partner_id.city:
            return None
        return {"warning": {"title": "No city", "message": "The customer has no city."}}

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_alone(self) -> None:
        if any(order.state == "done" for order in self):
            raise UserError("An order that is done stays.")

    def action_done(self) -> bool:
        return self.write({"state": "done"})

    @api.model
    def by_number(self, name: str) -> list[int]:
        return self.search([("name", "=", name)]).ids

    @api.model
    def first(self) -> Any:
        return self.search([], 0, 1)

    @api.private
    def secret(self) -> str:
        return "hidden"


class Line(models.Model):
    _name = "x.order.line"

    order_id = fields.Many2one("x.order", required=True, ondelete="cascade")
    price = fields.Float(digits=(16, 2))
    quantity = fields.Integer(default=1)
    subtotal = fields.Float(compute="_compute_subtotal", store=True)

    @api.depends("price", "quantity")
    def _compute_subtotal(self) -> None:
        for line in self:
            line.subtotal = line.price * line.quantity


@pytest.fixture
def odoo() -> Any:
    with MockServer(models=[Order, Line]) as server:
        yield server


def call(odoo: MockServer, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object", allow_none=True) as proxy:
        return proxy.execute_kw(odoo.db, odoo.uid, odoo.password, model, method, list(args), kwargs)


def order_with(odoo: MockServer, *prices: float, **values: Any) -> Any:
    lines = [(0, 0, {"price": price}) for price in prices]
    return odoo.env["x.order"].create({"line_ids": lines, **values})


# -- what a class declares


def test_a_stored_total_follows_its_lines(odoo: MockServer) -> None:
    id_ = call(odoo, "x.order", "create", {"line_ids": [[0, 0, {"price": 2, "quantity": 3}], [0, 0, {"price": 1}]]})
    assert call(odoo, "x.order", "read", [id_], ["total", "half"]) == [{"id": id_, "total": 7.0, "half": 3.5}]
    (line, _) = odoo.env["x.order"].browse(id_).line_ids
    line.quantity = 10
    assert call(odoo, "x.order", "search", [["total", "=", 21]]) == [id_]
    line.unlink()
    assert call(odoo, "x.order", "read", [id_], ["total"])[0]["total"] == 1.0


def test_an_inverse_writes_what_the_value_means(odoo: MockServer) -> None:
    order = order_with(odoo, 4.0)
    call(odoo, "x.order", "write", [order.id], {"half": 10})
    assert (order.total, order.half, order.line_ids.price) == (20.0, 10.0, 20.0)
    assert odoo.env["x.order"].create({"half": 3}).total == 6.0


def test_what_a_call_wrote_is_not_computed_by_what_its_inverse_writes() -> None:
    class Weight(models.Model):
        _name = "x.weight"

        typed = fields.Float()
        by_hand = fields.Boolean(default=True)
        weight = fields.Float(compute="_compute_weight", inverse="_inverse_weight", store=True)
        twice = fields.Float(compute="_compute_twice", store=True)

        @api.depends("typed", "by_hand")
        def _compute_weight(self) -> None:
            for one in self:
                one.weight = one.typed if one.by_hand else 0.0

        def _inverse_weight(self) -> None:
            for one in self:
                one.typed = one.weight if one.by_hand else 0.0

        @api.depends("weight")
        def _compute_twice(self) -> None:
            for one in self:
                one.twice = one.weight * 2

    env = MockServer(models=[Weight]).env
    record = env["x.weight"].create({"by_hand": False})
    record.write({"weight": 3})
    assert (record.weight, record.twice, record.typed) == (3, 6, 0)
    record.write({"by_hand": True})
    assert (record.weight, record.twice) == (0, 0)


def test_a_search_method_gives_the_domain(odoo: MockServer) -> None:
    small, large = order_with(odoo, 4.0), order_with(odoo, 40.0)
    assert call(odoo, "x.order", "search", [["half", ">", 5]]) == [large.id]
    assert call(odoo, "x.order", "search", ["!", ["half", ">", 5]]) == [small.id]


def test_a_related_field_is_kept_and_follows(odoo: MockServer) -> None:
    partner = odoo.env["res.partner"].create({"name": "A", "city": "Ghent"})
    order = order_with(odoo, partner_id=partner.id)
    partner.city = "Liège"
    assert call(odoo, "x.order", "search_read", [["city", "=", "Liège"]], ["city"]) == [
        {"id": order.id, "city": "Liège"}
    ]


def test_a_stored_field_follows_what_fields_that_are_not_stored_depend_on(odoo: MockServer) -> None:
    class Stop(models.Model):
        _name = "x.stop"

        partner_id = fields.Many2one("res.partner")
        city = fields.Char(related="partner_id.city")
        short = fields.Char(compute="_compute_short")
        sign = fields.Char(compute="_compute_sign", store=True)

        @api.depends("partner_id.city")
        def _compute_short(self) -> None:
            for stop in self:
                stop.short = (stop.city or "")[:2]

        @api.depends("short")
        def _compute_sign(self) -> None:
            for stop in self:
                stop.sign = f"<{stop.short}>"

    class Leg(models.Model):
        _name = "x.leg"

        stop_id = fields.Many2one("x.stop")
        label = fields.Char(compute="_compute_label", store=True)

        @api.depends("stop_id.city", "stop_id.short")
        def _compute_label(self) -> None:
            for leg in self:
                leg.label = f"{leg.stop_id.short}: {leg.stop_id.city}"

    odoo.model(Stop)
    odoo.model(Leg)
    partner = odoo.env["res.partner"].create({"name": "A", "city": "Ghent"})
    stop = odoo.env["x.stop"].create({"partner_id": partner.id})
    leg = odoo.env["x.leg"].create({"stop_id": stop.id})
    assert (stop.sign, leg.label) == ("<Gh>", "Gh: Ghent")
    partner.city = "Liège"
    assert (stop.sign, leg.label) == ("<Li>", "Li: Liège")
    stop.partner_id = odoo.env["res.partner"].create({"name": "B", "city": "Namur"})
    assert (stop.sign, leg.label) == ("<Na>", "Na: Namur")


def test_fields_that_are_not_stored_and_depend_on_their_like_end(odoo: MockServer) -> None:
    class Ring(models.Model):
        _name = "x.ring"

        parent_id = fields.Many2one("x.ring")
        rank = fields.Integer()
        height = fields.Integer(compute="_compute_height", recursive=True)
        kept = fields.Integer(compute="_compute_kept", store=True)

        @api.depends("parent_id.height", "rank")
        def _compute_height(self) -> None:
            for ring in self:
                ring.height = ring.rank + (ring.parent_id.height if ring.parent_id else 0)

        @api.depends("height")
        def _compute_kept(self) -> None:
            for ring in self:
                ring.kept = ring.height

    odoo.model(Ring)
    top = odoo.env["x.ring"].create({"rank": 1})
    low = odoo.env["x.ring"].create({"rank": 1, "parent_id": top.id})
    assert (top.kept, low.kept) == (1, 2)
    top.rank = 5
    assert (top.kept, low.kept) == (5, 6)


def test_defaults_are_values_functions_and_the_servers_day(odoo: MockServer) -> None:
    odoo.clock.freeze("2024-05-01 12:00:00")
    order = odoo.env["x.order"].create({})
    assert (order.name, order.rank, order.day, order.state) == ("O1", 1, "2024-05-01", "draft")
    assert call(odoo, "x.order", "default_get", ["name", "state"]) == {"name": "O2", "state": "draft"}


def test_a_default_get_of_the_models_own_gives_new_records_what_they_lack(odoo: MockServer) -> None:
    class Visit(models.Model):
        _name = "x.visit"

        name = fields.Char()
        city = fields.Char(default="Ghent")
        partner_ids = fields.Many2many("res.partner")

        @api.model
        def default_get(self, fields: list[str]) -> dict[str, Any]:
            found: dict[str, Any] = super().default_get(fields)
            found |= {"name": ", ".join(fields), "partner_ids": self.env.context.get("active_ids", [])}
            return {**found, "nothing": 1}

    odoo.model(Visit)
    visits = odoo.env["x.visit"].with_context(active_ids=[1, 3])
    first, second = visits.create([{"city": "Liège"}, {"partner_ids": [(6, 0, [3])], "name": "N"}])
    asked = first.name.split(", ")
    assert ("city" in asked, "name" in asked, "partner_ids" in asked) == (False, True, True)
    assert (first.city, first.partner_ids.ids) == ("Liège", [1, 3])
    assert (second.name, second.city, second.partner_ids.ids) == ("N", "Ghent", [3])


def test_constraints_refuse_and_leave_no_trace(odoo: MockServer) -> None:
    order = order_with(odoo)
    for values, text in (
        ({"state": "done"}, "An order that is done has lines."),
        ({"rank": -1}, "The operation cannot be completed: A rank is not negative."),
    ):
        with pytest.raises(xmlrpc.client.Fault, match=re.escape(text)):
            call(odoo, "x.order", "write", [order.id], values)
    with pytest.raises(xmlrpc.client.Fault, match="The number is taken"):
        call(odoo, "x.order", "create", {"name": order.name})
    assert (order.state, order.rank, odoo.env["x.order"].search_count([])) == ("draft", 1, 1)


def test_what_is_done_is_not_deleted(odoo: MockServer) -> None:
    order = order_with(odoo, 1.0)
    call(odoo, "x.order", "action_done", [order.id])
    with pytest.raises(xmlrpc.client.Fault, match="An order that is done stays"):
        call(odoo, "x.order", "unlink", [order.id])
    assert order.exists()


def test_an_onchange_fills_the_form_and_warns(odoo: MockServer) -> None:
    partner = odoo.env["res.partner"].create({"name": "A", "color": 7})
    spec: dict[str, Any] = {"partner_id": {}, "rank": {}, "name": {}}
    values = {"partner_id": partner.id, "rank": 1, "name": "O1"}
    answer = call(odoo, "x.order", "onchange", [], values, ["partner_id"], spec)
    assert answer["value"] == {"rank": 7}
    assert answer["warning"] == {"title": "No city", "message": "The customer has no city.", "type": "dialog"}
    assert odoo.env["x.order"].search_count([]) == 0


def test_methods_are_called_with_ids_or_on_the_model(odoo: MockServer) -> None:
    order = order_with(odoo, 1.0, name="Q7")
    assert call(odoo, "x.order", "by_number", "Q7") == [order.id]
    assert call(odoo, "x.order", "first") == f"x.order({order.id},)"  # until 18, records come as their text
    for private in ("secret", "_compute_total"):
        with pytest.raises(xmlrpc.client.Fault, match=r"Private methods \(such as 'x\.order\."):
            call(odoo, "x.order", private, [order.id])
    assert order.secret() == "hidden"
    with pytest.raises(xmlrpc.client.Fault, match="missing 1 required positional argument: 'name'"):
        call(odoo, "x.order", "by_number")


def test_fields_are_described_as_the_server_describes_them(odoo: MockServer) -> None:
    told = call(odoo, "x.order", "fields_get", ["name", "partner_id", "total", "half", "city"])
    assert (told["name"]["string"], told["name"]["required"]) == ("Number", True)
    assert (told["partner_id"]["string"], told["partner_id"]["relation"]) == ("Customer", "res.partner")
    assert [told[name]["readonly"] for name in ("total", "half", "city")] == [True, False, True]
    assert [told[name]["store"] for name in ("total", "half", "city")] == [True, False, True]
    assert told["city"]["related"] == "partner_id.city"
    assert call(odoo, "ir.model", "search_read", [["model", "=", "x.order"]], ["name"])[0]["name"] == "Order"


def test_users_without_rights_are_refused(odoo: MockServer) -> None:
    portal = odoo.user("portal@x", groups=["base.group_portal"])
    with pytest.raises(AccessError, match=r"x\.order"):
        portal.env["x.order"].search([])
    assert odoo.user("worker@x").env["x.order"].search_count([]) == 0


# -- extension, mixins, super()


def test_a_class_extends_a_model_of_the_base_in_eight_lines() -> None:
    class Partner(models.Model):
        _inherit = "res.partner"

        country_code = fields.Char(related="country_id.code", string="Code")

        def write(self, vals: Any) -> bool:
            return super().write({**vals, "comment": "seen"})

    source = inspect.getsource(Partner).strip().splitlines()
    assert len(source) <= 8
    with MockServer(models=[Partner]) as odoo:
        partner = odoo.env["res.partner"].create({"name": "A", "country_id": odoo.ref("base.be").id})
        call(odoo, "res.partner", "write", [partner.id], {"city": "Ghent"})
        assert call(odoo, "res.partner", "read", [partner.id], ["country_code", "city"])[0]["country_code"] == "BE"
        assert "seen" in partner.comment


def test_the_last_extension_comes_first(odoo: MockServer) -> None:
    for letter in "ab":

        class Extension(models.Model):
            _inherit = "x.order"
            _letter = letter

            def label(self) -> str:
                below = super().label() if hasattr(super(), "label") else ""  # type: ignore[misc]
                return f"{self._mark()}{below}"

            def _mark(self) -> str:
                return "m"

        odoo.model(Extension)
    assert call(odoo, "x.order", "label", [order_with(odoo).id]) == "mm"


def test_a_mixin_gives_fields_and_methods(odoo: MockServer) -> None:
    class Stamped(models.AbstractModel):
        _name = "x.stamped"

        stamp = fields.Char(compute="_compute_stamp")
        color = fields.Integer(default=4)

        @api.depends("display_name")
        def _compute_stamp(self) -> None:
            for record in self:
                record.stamp = f"[{record.display_name}]"

        def greet(self) -> str:
            return "mixin"

    class Stamp(models.Model):
        _name = "x.stamp"
        _inherit = ("x.stamped",)

        name = fields.Char()

        def greet(self) -> str:
            return f"stamp over {super().greet()}"  # type: ignore[misc]  # the mixin is named in _inherit

    odoo.model(Stamped)
    odoo.model(Stamp)
    id_ = call(odoo, "x.stamp", "create", {"name": "A"})
    assert call(odoo, "x.stamp", "read", [id_], ["stamp", "color"]) == [{"id": id_, "stamp": "[A]", "color": 4}]
    assert call(odoo, "x.stamp", "greet", [id_]) == "stamp over mixin"
    with pytest.raises(xmlrpc.client.Fault):
        call(odoo, "x.stamped", "create", {"color": 1})


def test_an_extended_computation_depends_on_what_both_read(odoo: MockServer) -> None:
    class Discounted(models.Model):
        _inherit = "x.order"

        discount = fields.Float()

        @api.depends("discount")
        def _compute_total(self) -> None:
            super()._compute_total()  # type: ignore[misc]  # the model is named in _inherit
            for order in self:
                order.total -= order.discount

    class OfAnotherVersion(models.Model):
        _inherit = "x.order"

        @api.versions(until=11)
        @api.depends("name")
        def _compute_total(self) -> None:
            raise AssertionError("not of this version")

    odoo.model(Discounted)
    odoo.model(OfAnotherVersion)
    order = order_with(odoo, 5)
    order.discount = 2
    assert order.total == 3
    order.line_ids.write({"quantity": 2})
    assert order.total == 8


def test_a_method_gives_the_default_of_its_field(odoo: MockServer) -> None:
    class Color(models.AbstractModel):
        _name = "x.color"

        color = fields.Integer()

        def _default_color(self) -> int:
            return 4

    class Ball(models.Model):
        _name = "x.ball"
        _inherit = ("x.color",)

        user_id = fields.Many2one("res.users")
        tag_ids = fields.Many2many("res.partner.category")

        def _default_user_id(self) -> Any:
            return self.env.user

        def _default_tag_ids(self) -> list[int]:
            return list(self.env["res.partner.category"].create({"name": "Round"})._ids)

        def _default_color(self) -> int:
            return -int(super()._default_color())  # type: ignore[misc]  # the mixin is named in _inherit

    class Extended(models.Model):
        _inherit = "x.ball"

        @api.versions(until=11)
        def _default_user_id(self) -> bool:
            return False

    for cls in (Color, Ball, Extended):
        odoo.model(cls)
    ball = odoo.env["x.ball"].create({})
    assert (ball.user_id, ball.color, ball.tag_ids.mapped("name")) == (odoo.env.user, -4, ["Round"])
    assert odoo.env["x.ball"].default_get(["user_id", "color"]) == {"user_id": odoo.env.uid, "color": -4}


def test_delegation_by_inherits(odoo: MockServer) -> None:
    class Member(models.Model):
        _name = "x.member"
        _inherits = {"res.partner": "partner_id"}  # noqa: RUF012

        partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
        number = fields.Integer()

    odoo.model(Member)
    id_ = call(odoo, "x.member", "create", {"name": "Ann", "number": 3})
    assert call(odoo, "x.member", "read", [id_], ["name", "number"]) == [{"id": id_, "name": "Ann", "number": 3}]
    assert odoo.env["res.partner"].search_count([("name", "=", "Ann")]) == 1


def test_a_class_for_every_model(odoo: MockServer) -> None:
    class Everywhere(models.AbstractModel):
        _inherit = "base"

        def hello(self) -> str:
            return f"hello from {self._name}"

    odoo.model(Everywhere)
    assert call(odoo, "res.country", "hello", [1]) == "hello from res.country"
    assert call(odoo, "x.order", "hello", []) == "hello from x.order"


def test_a_display_name_of_ones_own(odoo: MockServer) -> None:
    class Named(models.Model):
        _inherit = "x.order"

        @api.depends("name", "rank")
        def _compute_display_name(self) -> None:
            super()._compute_display_name()
            for order in self:
                order.display_name = f"{order.display_name}/{order.rank}"

    odoo.model(Named)
    order = order_with(odoo, name="Q", rank=9)
    assert call(odoo, "x.order", "read", [order.id], ["display_name"])[0]["display_name"] == "Q/9"


def test_only_what_differs_is_declared_again(odoo: MockServer) -> None:
    class Stricter(models.Model):
        _inherit = "x.order"

        partner_id = fields.Many2one(required=True)
        state = fields.Selection(selection_add=[("sent", "Sent")])

    odoo.model(Stricter)
    told = call(odoo, "x.order", "fields_get", ["partner_id", "state"])
    assert (told["partner_id"]["string"], told["partner_id"]["required"]) == ("Customer", True)
    assert told["state"]["selection"] == [["draft", "Draft"], ["done", "Done"], ["sent", "Sent"]]


def test_fields_and_methods_have_versions() -> None:
    class Versions(models.Model):
        _name = "x.versions"

        old = fields.Char(until=16)
        new = fields.Char(since=17)

        @api.versions(until=16, name="kind")
        def old_kind(self) -> str:
            return "old"

        @api.versions(since=17)
        def kind(self) -> str:
            return "new"

        @api.model(since=18)
        def later(self) -> str:
            return "later"

    found = {}
    for profile in ("odoo-16.0", "odoo-17.0", "odoo-18.0"):
        with MockServer(profile=profile, models=[Versions]) as odoo:
            id_ = call(odoo, "x.versions", "create", {})
            later = odoo.database("mock").method("x.versions", "later") is not None
            names = {"old", "new"} & set(call(odoo, "x.versions", "fields_get"))
            found[profile] = (call(odoo, "x.versions", "kind", [id_]), later, names)
    assert found == {
        "odoo-16.0": ("old", False, {"old"}),
        "odoo-17.0": ("new", False, {"new"}),
        "odoo-18.0": ("new", True, {"new"}),
    }


# -- where a class lives


def test_a_reset_undoes_it_and_two_servers_differ(odoo: MockServer) -> None:
    class Extra(models.Model):
        _inherit = "x.order"
        extra = fields.Char()

    odoo.model(Extra)
    assert "extra" in odoo.env["x.order"]
    odoo.reset()
    assert "extra" not in odoo.env["x.order"]
    assert "x.order" in odoo.env
    with MockServer() as other:
        assert "x.order" not in other.env


def test_it_is_in_databases_made_later(odoo: MockServer) -> None:
    odoo.database("third")
    with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/db") as db:
        db.restore("admin", "fourth", db.dump("admin", "mock", "zip"))
    for name in ("third", "fourth"):
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy:
            login = name, odoo.uid, odoo.password
            assert proxy.execute_kw(*login, "x.order", "by_number", ["none"]) == []


def test_a_decorator_gives_it_to_a_server() -> None:
    with MockServer() as odoo:

        @odoo.model
        class Machine(models.Model):
            _name = "x.machine"
            name = fields.Char()

        assert Machine.__name__ == "Machine"
        assert call(odoo, "x.machine", "name_create", "A")[1] == "A"


@pytest.mark.mockserver(models=[Order, Line])
def test_the_marker_takes_classes(mockserver: MockServer) -> None:
    assert order_with(mockserver, 2.5).total == 2.5


def test_an_override_stands_before_a_class(odoo: MockServer) -> None:
    @odoo.on_call("x.order", "action_done")
    def done(records: Any, parent: Any) -> str:
        return f"override of {parent()}"

    order = order_with(odoo, 1.0)
    assert call(odoo, "x.order", "action_done", [order.id]) == "override of True"
    assert order.action_done() == "override of True"


# -- mistakes


def declares(**body: Any) -> type:
    return type("Wrong", (models.Model,), {"_name": "x.wrong", "__module__": __name__, **body})


def wrong_depends() -> type:
    @api.depends("nmae")
    def _compute_label(self: Any) -> None: ...

    return declares(name=fields.Char(), label=fields.Char(compute="_compute_label"), _compute_label=_compute_label)


def wrong_constrains() -> type:
    @api.constrains("nmae")
    def _check(self: Any) -> None: ...

    return declares(name=fields.Char(), _check=_check)


def cycle() -> type:
    def _compute_a(self: Any) -> None: ...
    def _compute_b(self: Any) -> None: ...

    return declares(
        a=fields.Char(compute="_compute_a"), b=fields.Char(compute="_compute_b"),
        _compute_a=api.depends("b")(_compute_a), _compute_b=api.depends("a")(_compute_b),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cls", "text"),
    [
        (
            lambda: declares(name=fields.Char(), label=fields.Char(related="partner_id.name")),
            "Wrong.label ({file}): related names 'partner_id.name', but 'partner_id' is no field of x.wrong",
        ),
        (
            lambda: declares(p=fields.Many2one("res.partner"), label=fields.Char(related="p.nmae")),
            "Wrong.label ({file}): related names 'p.nmae', but 'nmae' is no field of res.partner; did you mean 'name'?",
        ),
        (
            wrong_depends,
            "Wrong._compute_label ({file}): depends names 'nmae', but 'nmae' is no field of x.wrong; did you",
        ),
        (
            wrong_constrains,
            "Wrong._check ({file}): constrains names 'nmae', which is no field of x.wrong; did you mean 'name'?",
        ),
        (
            lambda: declares(label=fields.Char(compute="_compute_labl")),
            "Wrong.label ({file}): compute names '_compute_labl', which is no method",
        ),
        (cycle, "Wrong.a ({file}) depends on itself: a → b → a"),
        (lambda: declares(name=fields.Char), "Wrong.name ({module}) is the class of a field: write name = fields.Char"),
        (
            lambda: declares(_ordr="name"),
            "class Wrong ({module}): _ordr is nothing that a model class says; did you mean '_order'?",
        ),
        (
            lambda: declares(_sql_constraints=[("c", "CHECK(size >)", "m")]),
            "class Wrong ({module}): constraint 'c': did not expect 'the end' in the condition 'size >'",
        ),
        (
            lambda: type("Wrong", (models.Model,), {"_inherit": "res.partnr", "__module__": __name__}),
            "class Wrong ({module}): _inherit names 'res.partnr', which is no model; did you mean 'res.partner'?",
        ),
        (
            lambda: type("Wrong", (models.Model,), {"_inherit": "res.partner", "email": fields.Integer(),
                                                    "__module__": __name__}),
            "Wrong.email ({file}) is a integer field, but res.partner has it as char",
        ),
        (
            lambda: type("Wrong", (models.Model,), {"__module__": __name__}),
            "class Wrong ({module}): a model class has a _name, or the _inherit of the model that it extends",
        ),
    ],
)  # fmt: skip
def test_a_wrong_class_is_told_with_its_place(cls: Any, text: str) -> None:
    with MockServer() as odoo:
        with pytest.raises(ModelError) as caught:
            odoo.model(cls())
        told = re.sub(r"\([^()]*test_model_classes\.py:\d+\)", "({file})", str(caught.value))
        assert told.replace(f"({__name__})", "({module})").startswith(text)
        assert "x.wrong" not in odoo.env


def test_a_misspelt_attribute_is_told_with_the_nearest_one() -> None:
    with pytest.raises(TypeError, match=r"fields\.Char has no attribute 'requird'; did you mean 'required'\?"):
        fields.Char(requird=True)
    with pytest.raises(TypeError, match=r"fields\.Many2one is given 'string' twice"):
        fields.Many2one("res.partner", "A", string="B")


def test_a_compute_that_fails_fails_the_test_and_says_where() -> None:
    class Broken(models.Model):
        _name = "x.broken"
        ratio = fields.Float(compute="_compute_ratio")

        def _compute_ratio(self) -> None:
            for record in self:
                record.ratio = 1 / 0

    with MockServer(models=[Broken]) as odoo:
        id_ = call(odoo, "x.broken", "create", {})
        with pytest.raises(xmlrpc.client.Fault, match="ZeroDivisionError"):
            call(odoo, "x.broken", "read", [id_], ["ratio"])
        (error,) = odoo.errors
        odoo.errors.clear()
    assert isinstance(error, ZeroDivisionError)
    (note,) = error.__notes__  # type: ignore[attr-defined]
    assert re.match(r"x\.broken\.ratio is computed by .*Broken\._compute_ratio \(.*test_model_classes\.py:\d+\)", note)


def test_a_compute_that_assigns_nothing_is_told(odoo: MockServer) -> None:
    class Silent(models.Model):
        _name = "x.silent"
        ratio = fields.Float(compute="_compute_ratio")

        def _compute_ratio(self) -> None: ...

    odoo.model(Silent)
    record = odoo.env["x.silent"].create({})
    with pytest.raises(ValueError, match=r"Compute method failed to assign x\.silent\(1,\)\.ratio"):
        _ = record.ratio


# -- add-ons in folders


ADD_ON = """
from mockserver import api, fields, models


class Visit(models.Model):
    _name = "clinic.visit"
    _description = "Visit"

    name = fields.Char(required=True)
    minutes = fields.Integer()
    partner_id = fields.Many2one("res.partner")
    hours = fields.Float(compute="_compute_hours", store=True)

    @api.depends("minutes")
    def _compute_hours(self):
        for visit in self:
            visit.hours = visit.minutes / 60
"""
DATA = """{"records": [{"model": "clinic.visit", "xmlid": "clinic.first", "values": {"name": "First",
 "minutes": 90}}]}"""


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    folder = tmp_path / "clinic"
    (folder / "models").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "__init__.py").write_text('requires = ["crm"]\n')
    (folder / "models" / "__init__.py").write_text("")
    (folder / "models" / "visit.py").write_text(ADD_ON)
    (folder / "data" / "visits.json").write_text(DATA)
    return folder


def test_a_folder_is_an_add_on(clinic: Path) -> None:
    with MockServer(fixtures=[str(clinic)]) as odoo:
        assert odoo.ref("clinic.first").hours == 1.5
        assert call(odoo, "clinic.visit", "create", {"name": "B", "minutes": 30}) == 2
        assert "crm.lead" in odoo.env
    with MockServer(fixtures=[str(clinic), "crm", str(clinic)]) as odoo:  # twice is no error
        assert odoo.env["clinic.visit"].search_count([]) == 1


def test_a_folder_is_named_by_its_import_name_too(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(clinic.parent))
    with MockServer(fixtures=["clinic"]) as odoo:
        assert odoo.ref("clinic.first").hours == 1.5


def test_a_script_in_a_folder_does_not_end_the_program(clinic: Path) -> None:
    (clinic / "models" / "script.py").write_text("import sys\n\nsys.exit(3)\n")
    with pytest.raises(ValueError, match=r"clinic: cannot be imported: SystemExit: 3"):
        MockServer(fixtures=[str(clinic)])


def test_a_folder_that_cannot_be_imported_is_told(clinic: Path) -> None:
    (clinic / "models" / "broken.py").write_text("import nothing_of_that_name\n")
    with pytest.raises(
        ValueError, match=r"clinic: cannot be imported: ModuleNotFoundError: No module named 'nothing_of"
    ):
        MockServer(fixtures=[str(clinic)])
    (clinic / "models" / "broken.py").write_text("")
    (clinic / "__init__.py").write_text("requires = 'crm'\n")
    with pytest.raises(ValueError, match="requires is a list of packs and paths, not 'crm'"):
        MockServer(fixtures=[str(clinic)])


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("app.py", "raise SystemError('it was run')"),
        ("__init__.py", "raise SystemError('it was run')\n"),
        ("app.py", "from mockserver import MockServer\n\nMockServer().start()  # not models\n"),
    ],
)
def test_python_that_does_not_say_that_it_is_an_add_on_is_not_run(tmp_path: Path, file: str, source: str) -> None:
    (tmp_path / "data.json").write_text("{}")
    (tmp_path / file).write_text(source)
    (tmp_path / "conftest.py").write_text("from mockserver import models")
    with pytest.raises(ValueError, match=r"is not run as an add-on.*write `requires = \[\]` into .*__init__\.py"):
        MockServer(fixtures=[str(tmp_path)])


def test_a_package_that_is_imported_already_is_not_taken_for_an_add_on() -> None:
    with pytest.raises(ValueError, match=r"click is not run as an add-on"):
        MockServer(fixtures=["click"])


def test_a_package_of_python_is_an_unknown_pack() -> None:
    with pytest.raises(ValueError, match=r"unknown fixture pack 'email'"):
        MockServer(fixtures=["email"])


@pytest.mark.parametrize(
    "source",
    [
        "from mockserver import (\n    api,\n    models,\n)",
        "from mockserver.models import Model",
        "import mockserver.models",
    ],
)
def test_a_file_that_imports_models_makes_an_add_on(tmp_path: Path, source: str) -> None:
    base = "Model" if "import Model" in source else "models.Model"
    base = f"mockserver.{base}" if source.startswith("import") else base
    (tmp_path / "mine.py").write_text(f"{source}\n\nclass Mine({base}):\n    _name = 'x.mine'\n")
    with MockServer(fixtures=[str(tmp_path)]) as odoo:
        assert "x.mine" in odoo.env


def test_a_list_of_what_is_required_makes_an_add_on(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("requires: list[str] = []\n")
    (tmp_path / "helpers.py").write_text("DONE = True\n")
    (tmp_path / "data.json").write_text("{}")
    with MockServer(fixtures=[str(tmp_path)]) as odoo:
        assert str(tmp_path.resolve()) in odoo.database("mock").loaded.files


def test_a_folder_of_json_files_needs_no_python(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "test_it.py").write_text("raise SystemError('it was run')")
    (tmp_path / "data.json").write_text('{"records": [{"model": "res.bank", "xmlid": "x.b", "values": {"name": "B"}}]}')
    with MockServer(fixtures=[str(tmp_path)]) as odoo:
        assert odoo.ref("x.b").name == "B"


def test_a_form_suggests_the_language_of_the_company(odoo: MockServer) -> None:
    company = call(odoo, "res.partner", "create", [{"name": "Company"}])[0]
    spec: dict[str, Any] = {"lang": {}}
    answer = call(odoo, "res.partner", "onchange", [], {"parent_id": company}, ["parent_id"], spec)
    assert answer == {"value": {"lang": "en_US"}}


def test_an_onchange_sees_what_the_form_shows_in_a_field_that_is_not_kept(odoo: MockServer) -> None:
    spec: dict[str, Any] = {"is_company": {}, "company_type": {}, "name": {}}
    answer = call(odoo, "res.partner", "onchange", [], {"company_type": "company"}, ["company_type"], spec)
    assert answer == {"value": {"is_company": True}}


def test_a_model_with_a_mixin_of_a_pack_takes_one_dict_or_a_list() -> None:
    class Cost(models.Model):
        _name = "shop.cost"
        _inherit = "analytic.mixin"

        name = fields.Char()

    with MockServer(fixtures=["analytic"], models=[Cost]) as odoo:
        one = call(odoo, "shop.cost", "create", {"name": "One", "analytic_distribution": {"1": 33.333}})
        many = call(odoo, "shop.cost", "create", [{"name": "Two"}])
        assert [type(one), type(many)] == [int, list]
        assert odoo.env["shop.cost"].browse(one).analytic_distribution == {"1": 33.33}
