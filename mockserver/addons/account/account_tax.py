"""account.tax: its values, its repartition lines, its names, and what it computes.

Source: 17.0 to 19.0; recorded in flow-tax-1.  `Inferred:` 14.0 and 16.0 from their fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import api, models
from mockserver.orm.query.operators import Leaf
from mockserver.orm.records.recordset import SearchedAs

if TYPE_CHECKING:
    from typing_extensions import Self

_DOCUMENTS = ("invoice", "refund")
_LINES = "repartition_line_ids"
# where taxes are used: model and field
_USERS = (
    ("account.move.line", "tax_ids"),
    ("account.reconcile.model.line", "tax_ids"),
    ("sale.order.line", "tax_id"),
    ("sale.order.line", "tax_ids"),
    ("purchase.order.line", "taxes_id"),
    ("purchase.order.line", "tax_ids"),
)


def _sought(leaf: Leaf) -> Any:
    """Return what a condition on the name looks for: the letters and digits, with anything between them.

    What stands in double quotes is looked for as it is.
    """
    free = leaf.operator in ("like", "ilike") and isinstance(leaf.value, str) and leaf.rules.tax_names_freely
    return free_pattern(leaf.value) if free else leaf.value


def free_pattern(text: str) -> str:
    """Return the pattern that finds the letters and digits of a text; see `_sought`."""
    return "".join(_pattern(part) for part in re.split(r'("[^"]*")', text) if part)


def _pattern(part: str) -> str:
    if part.startswith('"') and part.endswith('"') and len(part) > 1:
        return "%" + part[1:-1].replace("%", "_") + "%"
    return "%".join(re.sub(r"\W+", "", part))


class AccountTax(models.Model):
    _inherit = "account.tax"
    _searched_as: ClassVar[SearchedAs] = {"name": ("name", _sought)}

    @api.versions(until=16)
    def _default_tax_group_id(self) -> Any:
        return self.env["account.tax.group"].search([], limit=1)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create taxes, each with one repartition line for its base and one for itself, unless others are given."""
        several = not isinstance(vals_list, Mapping)
        rows = [_complete(self, vals) for vals in (vals_list if several else [vals_list])]
        quiet = self.with_context(
            mail_create_nosubscribe=True, mail_auto_subscribe_no_notify=True, mail_create_nolog=True
        )
        return self.browse(super(AccountTax, quiet).create(rows)._ids)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change taxes; repartition lines may be given by the sort of document."""
        return super().write(_values(self, vals))

    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Copy taxes as `name (copy)`."""
        copies = self.browse()
        for tax in self:
            name = self.env._(self.env.db.profile.rules.tax_copy_name).replace("%s", str(tax.name))
            copies |= super(AccountTax, tax).copy({"name": name, **(default or {})})
        return copies

    def _logs_changes(self) -> bool:
        """Changes of a tax are logged once it is used."""
        return bool(self.is_used)

    # -- fields

    @api.depends("company_id")
    @api.versions(since=17)
    def _compute_country_id(self) -> None:
        for tax in self:
            company = tax.company_id
            tax.country_id = company.account_fiscal_country_id or company.country_id or tax.country_id

    @api.depends("company_id")
    @api.versions(since=16, until=16, name="_default_country_id")
    def _fiscal_country(self) -> Any:
        return self.env.company.account_fiscal_country_id

    @api.depends("company_id", "country_id")
    @api.versions(since=17)
    def _compute_tax_group_id(self) -> None:
        """The group that a tax has if it is of its country and company, else the first that is."""
        groups = self.env["account.tax.group"]
        for tax in self:
            group = tax.tax_group_id
            if not group or group.country_id != tax.country_id or group.company_id != tax.company_id:
                company = ("company_id", "parent_of", tax.company_id.ids)
                group = groups.search([company, ("country_id", "=", tax.country_id.id)], limit=1)
                group = group or groups.search([company, ("country_id", "=", False)], limit=1)
            tax.tax_group_id = group

    @api.depends("price_include_override", "company_id.account_price_include")
    @api.versions(since=18)
    def _compute_price_include(self) -> None:
        for tax in self:
            tax.price_include = (tax.price_include_override or tax.company_price_include) == "tax_included"

    @api.versions(since=18)
    def _search_price_include(self, operator: str, value: Any) -> list[Any]:
        included = bool(value) is (operator in ("=", "in"))
        own, by_company = ("tax_included", "=") if included else ("tax_excluded", "!=")
        return [
            "|", ("price_include_override", "=", own),
            "&", ("price_include_override", "=", False), ("company_price_include", by_company, "tax_included"),
        ]  # fmt: skip

    def _compute_display_name(self) -> None:
        """The name; with the use, if the context asks for it, and the country, if it is a foreign one."""
        names = (name for name in ("type_tax_use", "tax_scope") if name in self._model.fields)
        selections = {name: dict(self._model.fields[name].selection) for name in names}
        rules = self.env.db.profile.rules
        for tax in self:
            name = str(tax.name or "")
            if self.env.context.get("append_type_to_tax_name"):
                name += f" ({selections['type_tax_use'].get(tax.type_tax_use)})"
            if rules.tax_name_with_scope and tax.tax_scope:
                name += f" ({selections['tax_scope'].get(tax.tax_scope)})"
            if rules.tax_name_with_country and tax.country_id != tax.company_id.account_fiscal_country_id:
                name += f" ({tax.country_code})"
            tax.display_name = name

    def _compute_is_used(self) -> None:
        used = {id_ for model, name in _USERS for id_ in _referenced(self, model, name)}
        for tax in self:
            tax.is_used = tax.id in used

    def _compute_has_negative_factor(self) -> None:
        for tax in self:
            tax.has_negative_factor = any(line.factor < 0 for line in tax.invoice_repartition_line_ids)

    def _compute_repartition_lines_str(self) -> None:
        for tax in self:
            tax.repartition_lines_str = _described(tax) if tax.is_used else ""

    @api.depends("amount", "invoice_repartition_line_ids.factor")
    def _compute_real_amount(self) -> None:
        for tax in self:
            lines = tax.invoice_repartition_line_ids
            factor = sum(line.factor for line in lines if line.repartition_type == "tax")
            tax.real_amount = tax.amount * factor

    @api.depends("company_id.domestic_fiscal_position_id", "fiscal_position_ids")
    @api.versions(since=19)
    def _compute_is_domestic(self) -> None:
        for tax in self:
            home = tax.company_id.domestic_fiscal_position_id
            tax.is_domestic = not tax.fiscal_position_ids or home in tax.fiscal_position_ids

    def _compute_display_alternative_taxes_field(self) -> None:
        """Inferred: shown for taxes that are of foreign positions."""
        for tax in self:
            tax.display_alternative_taxes_field = not tax.is_domestic

    def _compute_ubl_cii_requires_exemption_reason(self) -> None:
        for tax in self:
            tax.ubl_cii_requires_exemption_reason = tax.ubl_cii_tax_category_code in ("AE", "E", "G", "O", "K")

    def _compute_name_searchable(self) -> None:
        """Only searches use it."""
        for tax in self:
            tax.name_searchable = None

    def _search_name_searchable(self, operator: str, value: Any) -> list[Any]:
        wanted = free_pattern(value) if operator in ("like", "ilike") and isinstance(value, str) else value
        return [("name", operator, wanted)]

    def _compute_tax_label(self) -> None:
        for tax in self:
            tax.tax_label = tax.invoice_label or tax.name

    # -- onchange methods, which clients may call too

    @api.onchange("amount")
    def onchange_amount(self) -> None:
        """Label a percentage on invoices with its figure."""
        label = "invoice_label" if "invoice_label" in self._model.fields else "description"
        if self.amount_type in ("percent", "division") and self.amount and not self[label]:
            self[label] = f"{self.amount:.4g}%"

    @api.onchange("amount_type")
    def onchange_amount_type(self) -> None:
        """Empty what only groups have, or have not."""
        label = "invoice_label" if "invoice_label" in self._model.fields else "description"
        if self.amount_type == "group":
            self[label] = None
        else:
            self.children_tax_ids = [(5,)]

    @api.onchange("price_include")
    def onchange_price_include(self) -> None:
        """An included tax is part of the base of the next ones."""
        if self.price_include:
            self.include_base_amount = True


def _referenced(taxes: Any, model: str, name: str) -> Iterator[int]:
    """Yield the taxes among these that records of a model have in a field."""
    env = taxes.env
    if model not in env or name not in env.db.registry[model].fields:
        return
    wanted = set(taxes._ids)
    for row in env.db.store.rows(model).values():
        yield from wanted.intersection(row.get(name) or ())


def _described(tax: Any) -> str:
    """Return the repartition lines as a text, which is how a change of them is noticed."""
    _ = tax.env._
    found, counts = {}, dict.fromkeys(_DOCUMENTS, 0)
    for line in tax[_LINES]:
        counts[line.document_type] += 1
        found[line.document_type, counts[line.document_type]] = {
            _("Factor Percent"): line.factor_percent,
            _("Account"): line.account_id.display_name or _("None"),
            _("Tax Grids"): line.tag_ids.mapped("name") or _("None"),
            _("Use in tax closing"): _("True") if line.use_in_tax_closing else _("False"),
        }
    return str(found)


# -- values of create and write


def _complete(taxes: Any, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new tax, with the repartition lines that are not given."""
    values = _values(taxes, vals)
    if f"{_DOCUMENTS[0]}_{_LINES}" not in taxes._model.fields:
        return values
    if _LINES not in taxes._model.fields:
        return {**{f"{document}_{_LINES}": _two_lines() for document in _DOCUMENTS}, **values}
    lines = list(values.get(_LINES) or ())
    present = {command[2].get("document_type") for command in lines if command[0] == 0}
    for document in _DOCUMENTS:
        if document not in present and f"{document}_{_LINES}" not in vals:
            lines += _two_lines(document_type=document)
    return {**values, _LINES: lines}


def _two_lines(**more: Any) -> list[Any]:
    return [(0, 0, {**more, "repartition_type": kind, "tag_ids": []}) for kind in ("base", "tax")]


def _values(taxes: Any, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with all repartition lines in the one field that stores them, and a description as markup."""
    values = dict(vals)
    text = values.get("description")
    if isinstance(text, str) and taxes._model.fields["description"].type == "html" and not re.search("<[^>]+>", text):
        values["description"] = f"<div>{text}</div>"
    if _LINES not in taxes._model.fields:
        return values
    if any(f"{document}_{_LINES}" in values for document in _DOCUMENTS):
        values.pop(_LINES, None)
    for document in _DOCUMENTS:
        for command in values.pop(f"{document}_{_LINES}", ()):
            made = command[0] in (0, 1)
            line = (*command[:2], {"document_type": document, **command[2]}) if made else command
            values.setdefault(_LINES, []).append(line)
    return values
