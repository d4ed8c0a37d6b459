"""Modules of the real server that no pack has, with their models that integrations ask for, and why there is none.

`docs/packs.md` lists them for users; a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple


class Module(NamedTuple):
    """A module without a pack; `why` completes "there is no pack of it, because …"."""

    name: str
    why: str
    models: tuple[str, ...]


ENTERPRISE = "it is not public, so that no server with it could be recorded"
UNRECORDED = "no server with it was recorded"
_SERVICE = "it buys services of others over the network"
_CLIENT = "only web clients use it, for messages that are gone a minute later"

_ENTERPRISE = {
    "account_asset": "account.asset",
    "account_budget": "budget.analytic budget.line crossovered.budget crossovered.budget.lines",
    "appointment": "appointment.type",
    "approvals": "approval.request approval.category",
    "documents": "documents.document documents.folder documents.share documents.tag",
    "hr_payroll": "hr.payslip hr.payslip.line hr.payslip.run hr.payroll.structure",
    "knowledge": "knowledge.article",
    "planning": "planning.slot planning.role",
    "quality": "quality.alert quality.check quality.point",
    "sale_subscription": "sale.subscription sale.subscription.plan",
    "sign": "sign.request sign.template",
    "timesheet_grid": "timer.timer",
}
_UNRECORDED = {
    "delivery": "delivery.carrier delivery.price.rule",
    "event": "event.event event.registration",
    "fleet": "fleet.vehicle",
    "hr_contract": "hr.contract",
    "hr_expense": "hr.expense hr.expense.sheet",
    "hr_recruitment": "hr.applicant hr.candidate hr.recruitment.stage",
    "maintenance": "maintenance.equipment maintenance.request",
    "mass_mailing": "mailing.contact mailing.list mailing.mailing",
    "mrp": "mrp.bom mrp.bom.line mrp.production mrp.routing.workcenter mrp.unbuild mrp.workcenter mrp.workorder",
    "payment": "payment.acquirer payment.method payment.provider payment.token",
    "point_of_sale": "pos.config pos.order pos.order.line pos.payment pos.payment.method pos.session",
    "repair": "repair.order",
    "survey": "survey.survey survey.user_input",
    "website": "website website.menu website.page",
}
_OTHERS = {
    "bus": (_CLIENT, "bus.bus bus.presence"),
    "iap": (_SERVICE, "iap.account iap.service"),
    "sms": (_SERVICE, "sms.sms sms.template"),
}


@cache
def by_model() -> Mapping[str, Module]:
    """Return the modules that no pack has, by the names of their models."""
    listed = [
        *((name, ENTERPRISE, models) for name, models in _ENTERPRISE.items()),
        *((name, UNRECORDED, models) for name, models in _UNRECORDED.items()),
        *((name, why, models) for name, (why, models) in _OTHERS.items()),
    ]
    modules = [Module(name, why, tuple(models.split())) for name, why, models in listed]
    return {model: module for module in modules for model in module.models}
