"""The price, the texts, the taxes and the totals of one line of an entry.

Source: 17.0; recorded in flow-invoice-1 and flow-invoice-2 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.account import taxes as engine
from mockserver.addons.account.line_rows import kind_of, line_kind
from mockserver.addons.account.move_types import (
    INVOICE_OR_RECEIPT,
    PURCHASE_OR_RECEIPT,
    REFUND,
    SALE_OR_RECEIPT,
    direction,
)
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.query.computing import smallest_amount
from mockserver.orm.records.environment import Environment
from mockserver.orm.storage.store import Row


def reader(env: Environment) -> TaxReader:
    """Return what reads taxes, for the lines of one call."""
    return TaxReader(env)


def term_name(line: Any, own: Any) -> Any:
    """Return the text of a line that the total, or a part of it, is due on: the payment reference, and which part."""
    move = line.move_id
    reference = move.payment_reference or ""
    if reference and move.ref and move.ref != reference and move.env.db.profile.rules.due_lines_name_ref:
        reference = f"{move.ref} - {reference}"
    if len(move.invoice_payment_term_id.line_ids) <= 1:
        return reference or own
    terms = [other for other in move.line_ids if line_kind(other) == "payment_term"]
    terms.sort(key=lambda other: (str(other.date_maturity or "9"), other.id))
    position = next((place for place, other in enumerate(terms) if other == line), len(terms))
    return f"{reference} installment #{position + 1}".lstrip()


def product_text(line: Any) -> str:
    """Return what an invoice says of a product: its name, and the text for sales or for purchases."""
    lang = line.partner_id.lang
    product = line.product_id.with_context(lang=lang) if lang else line.product_id
    kind = line.move_id.journal_id.type
    texts = [product.display_name]
    if kind in ("sale", "purchase"):
        texts.append(product[f"description_{kind}"])
    return "\n".join(str(text) for text in texts if text)


def unit_price(line: Any) -> float:
    """Return the price of a product in the unit and the currency of a line."""
    move = line.move_id
    company, product = move.company_id, line.product_id.with_company(move.company_id)
    if move.move_type in SALE_OR_RECEIPT:
        price, currency = float(product.lst_price), product.currency_id
    elif move.move_type in PURCHASE_OR_RECEIPT:
        price, currency = float(product.standard_price), company.currency_id
    else:
        return 0.0
    unit = line.product_uom_id
    if unit and unit != product.uom_id:
        price = product.uom_id._compute_price(price, unit)
    if move.currency_id and move.currency_id != currency:
        day = str(move.invoice_date or move.date or line.env.db.clock.today())
        price *= currency._get_conversion_rate(move.currency_id, company, day)
    return price


def mapped_taxes(position: Any, taxes: Any) -> Any:
    """Return the taxes that a fiscal position puts in the place of others."""
    return position.map_tax(taxes) if position and taxes else taxes


def currency_rate(line: Any) -> float:
    """Return the units of a line's currency for one of the company's, on the day of the document."""
    move = line.move_id
    company = move.company_id
    if not line.currency_id or line.currency_id == company.currency_id:
        return 1.0
    if "invoice_currency_rate" in move and move.move_type in INVOICE_OR_RECEIPT:
        return float(move.invoice_currency_rate or 1.0)
    day = str(move.invoice_date or move.date or line.env.db.clock.today())
    return float(company.currency_id._get_conversion_rate(line.currency_id, company, day))


def move_rate(move: Any) -> float:
    """Return the units of the currency of an entry for one of the company's, on the day of the document."""
    if "invoice_currency_rate" in move and move.move_type in INVOICE_OR_RECEIPT:
        return float(move.invoice_currency_rate or 1.0)
    return rate_of_day(move, move.invoice_date or move.date)


def rate_of_day(move: Any, day: Any) -> float:
    """Return the units of the currency of an entry for one of the company's, on a day or today."""
    company = move.company_id
    if not move.currency_id or move.currency_id == company.currency_id:
        return 1.0
    wanted = str(day or move.env.db.clock.today())
    return float(company.currency_id._get_conversion_rate(move.currency_id, company, wanted))


def rounded(amount: float, currency: Any) -> float:
    """Return an amount rounded as a currency is."""
    return round_to(amount, float(currency.rounding or 0.01))


def is_refund(line: Any) -> bool:
    """Return whether the taxes of a line are those of refunds."""
    move_type = line.move_id.move_type
    if move_type in INVOICE_OR_RECEIPT:
        return move_type in REFUND
    if line.tax_repartition_line_id:
        share = line.tax_repartition_line_id
        document = share.document_type if "document_type" in share else ""
        return bool(document == "refund" or ("refund_tax_id" in share and share.refund_tax_id))
    use = line.tax_ids[:1].type_tax_use
    return bool((use == "sale" and line.balance > 0) or (use == "purchase" and line.balance < 0))


def base_line(line: Any, reader: TaxReader, *, document: bool = False) -> engine.BaseLine:
    """Return a line as the tax engine takes it; `document`: with what the tax lines of an entry are told apart by."""
    move = line.move_id
    invoiced = line_kind(line) == "product" and move.move_type in INVOICE_OR_RECEIPT
    more: dict[str, Any] = {}
    if document:
        partner = move.partner_id.id or line.partner_id.id
        more = {
            "rate": _rate_of(line, invoiced),
            "direction": direction(move.move_type) if invoiced else 1,
            "account": line.account_id.id,
            "key": (line.currency_id.id, partner or None, line_kind(line) == "epd"),
            "cash_basis_tags": bool(move.always_tax_exigible) if "always_tax_exigible" in move else False,
        }
        if line.product_id and "account_tag_ids" in line.product_id:
            more["product_tags"] = line.product_id.sudo().account_tag_ids._ids
        if "analytic_distribution" in line:
            share = line.analytic_distribution or {}
            more["analytic"] = tuple(sorted((str(key), float(part)) for key, part in share.items())) or None
    if not invoiced and document:
        more |= {"price": line.amount_currency, "prices": "excluded"}
    else:
        more |= {"price": line.price_unit, "quantity": line.quantity, "discount": line.discount}
    step = float(line.currency_id.rounding or 0.01)
    return engine.BaseLine(taxes=reader(line.tax_ids._ids), step=step, refund=is_refund(line), **more)


def _rate_of(line: Any, invoiced: bool) -> float:
    """Return the units of a line's currency for one of the company's that its taxes are computed with."""
    if invoiced and line.env.db.profile.rules.bases_from_taxes:
        return currency_rate(line)
    return float(line.amount_currency / line.balance) if line.balance else 1.0


def totals(line: Any, row: Row, reader: TaxReader) -> tuple[float, float]:
    """Return what a line comes to without and with its taxes, in its currency."""
    price = row.get("price_unit")
    if not price or kind_of(row) not in ("product", "cogs"):
        return 0.0, 0.0
    step = smallest_amount(line.env, row.get("currency_id")) or 0.01
    quantity, discount = row.get("quantity") or 0.0, row.get("discount") or 0.0
    if not row.get("tax_ids"):
        amount = round_to(price * (1 - discount / 100.0) * quantity, step)
        return amount, amount
    taxes = reader(row["tax_ids"])
    base = engine.BaseLine(taxes, price, quantity, discount, step=step, refund=is_refund(line))
    found = engine.compute_line(base, method_of(line.move_id.company_id))
    return found.excluded, found.included
