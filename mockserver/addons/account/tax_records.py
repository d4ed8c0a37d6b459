"""Taxes of records as the values that the tax engine computes with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockserver.addons.account.tax_values import Method, Repartition, Share, Tax
from mockserver.orm.records.environment import Environment

_LINES = "account.tax.repartition.line"
_TABLES = ("account.tax", _LINES, "res.company")


class TaxReader:
    """Reads taxes, each once: keep one as long as the taxes cannot change, such as for one document.

    What was read is kept beside the database until a tax changes.
    """

    def __init__(self, env: Environment) -> None:
        self.env = env.sudo()
        self._known: dict[int, Tax] = env.db.derived(("taxes", env.lang), _TABLES, dict)
        self._lines = env.db.registry.get(_LINES)

    def __call__(self, ids: Iterable[int]) -> tuple[Tax, ...]:
        """Return the taxes of the ids, in their order."""
        return tuple(self.tax(id_) for id_ in ids)

    def tax(self, id_: int) -> Tax:
        """Return one tax, with its repartition lines and the taxes of its group."""
        if id_ not in self._known:
            self._known[id_] = self._read(id_)
        return self._known[id_]

    def _read(self, id_: int) -> Tax:
        record: Any = self.env["account.tax"].browse(id_)
        fields = record._model.fields
        return Tax(
            id=id_,
            name=str(record.name or ""),
            amount=float(record.amount),
            kind=record.amount_type,
            sequence=int(record.sequence),
            included=bool(record.price_include),
            affects_base=bool(record.include_base_amount),
            base_affected=bool(record.is_base_affected) if "is_base_affected" in fields else True,
            exigible=str(record.tax_exigibility or "on_invoice"),
            transition_account=record.cash_basis_transition_account_id.id or None,
            analytic=bool(record.analytic),
            tax_group=record.tax_group_id.id or None,
            children=self(record.children_tax_ids._ids),
            invoice=self._repartition(id_, "invoice"),
            refund=self._repartition(id_, "refund"),
        )

    def _repartition(self, tax: int, document: str) -> Repartition:
        """Return where a tax goes in invoices or in refunds."""
        if self._lines is None:  # until 12.0 a tax goes to one account
            record = self.env["account.tax"].browse(tax)
            account = record.account_id if document == "invoice" else record.refund_account_id
            return Repartition((Share(tax, 1.0, account.id or None, (), False),), ())
        # until 16.0 a line has the tax in one of two fields, since then in one, with the sort of document
        own = f"{document}_tax_id" in self._lines.fields
        leaves = [(f"{document}_tax_id", "=", tax)] if own else [("tax_id", "=", tax), ("document_type", "=", document)]
        lines = self.env[_LINES].search(leaves)
        shares = tuple(
            Share(
                line.id,
                line.factor_percent / 100,
                line.account_id.id or None,
                line.tag_ids._ids,
                bool(line.use_in_tax_closing),
            )
            for line in lines
            if line.repartition_type == "tax"
        )
        base_tags = tuple(tag for line in lines if line.repartition_type == "base" for tag in line.tag_ids._ids)
        return Repartition(shares, base_tags)


def method_of(company: Any) -> Method:
    """Return how a company computes taxes."""
    return Method(
        globally=company.tax_calculation_rounding_method == "round_globally",
        batches=company.env.db.profile.rules.taxes_in_batches,
        company_step=float(company.currency_id.rounding),
    )
