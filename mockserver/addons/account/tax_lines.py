"""The tax lines of an entry, which follow from its other lines.

Source: 17.0; recorded in flow-invoice-2 and flow-random-invoice-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from mockserver.addons.account import line_prices, taxes as engine
from mockserver.addons.account.line_rows import as_kind, assign, kind_of
from mockserver.addons.account.move_types import INBOUND_OR_RECEIPT, INVOICE_OR_RECEIPT, TEXT_LINES
from mockserver.addons.account.tax_records import method_of
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.addons.account.synchronise import Change

_LINES = "account.move.line"
# what the taxes of a line follow from
_SOURCES = (
    "tax_ids", "currency_id", "partner_id", "analytic_distribution", "balance", "amount_currency", "price_unit",
    "quantity", "discount", "account_id", "display_type", "product_id",
)  # fmt: skip


def _is_tax_line(row: Row) -> bool:
    return bool(row.get("tax_repartition_line_id")) or kind_of(row) == "tax"


def sync_tax_lines(change: Change, move: Any) -> None:
    """Bring the tax lines in step, if anything that they follow from has changed."""
    rows = change.lines(move.id)
    bases = {id_: row for id_, row in rows.items() if not _is_tax_line(row)}
    if not _affected(change, move, bases):
        return
    priced = _prices_count(move)
    taxed = [
        id_
        for id_, row in bases.items()
        if (row.get("tax_ids") and kind_of(row) not in TEXT_LINES) or (priced and kind_of(row) == "product")
    ]
    reader = line_prices.reader(move.env)
    lines = move.env[_LINES].browse(taxed)
    document = engine.compute_document(
        [line_prices.base_line(line, reader, document=True) for line in lines], method_of(move.company_id)
    )
    tags = dict.fromkeys(bases, ()) | {id_: tuple(base.tags) for id_, base in zip(taxed, document.bases, strict=True)}
    assign(move.env[_LINES], {"tax_tag_ids": tags, **_bases(move, taxed, document)})
    needed = dict(_needed(move, line) for line in document.tax_lines)
    generated = {i: row for i, row in rows.items() if kind_of(row) != "rounding"}
    present = {_key(row): id_ for id_, row in generated.items() if row.get("tax_repartition_line_id")}
    replace(move, needed, present, "tax")


def _affected(change: Change, move: Any, bases: dict[int, Row]) -> bool:
    """Return whether the tax lines of an entry have to be looked at."""
    old, before = change.before.moves.get(move.id), change.before.lines
    had = {i for i, row in before.items() if row.get("move_id") == move.id and not _is_tax_line(row)}
    taxed = any(row.get("tax_ids") for row in bases.values()) or any(before[i].get("tax_ids") for i in had)
    if not (taxed or _prices_count(move)) or (
        move.move_type not in INVOICE_OR_RECEIPT and move.tax_cash_basis_origin_move_id
    ):
        return False
    row = move._rows()[0]
    if old is None or had != set(bases) or any(old.get(name) != row.get(name) for name in ("partner_id", "move_type")):
        return True
    # what is due may be written without the taxes following
    sources = [i for i in had if bases[i].get("tax_ids") or kind_of(bases[i]) != "payment_term"]
    return any(before[i].get(name) != bases[i].get(name) for i in sources for name in _SOURCES)


def _needed(move: Any, line: engine.TaxLine) -> tuple[Hashable, dict[str, Any]]:
    """Return the key and the values of a tax line."""
    key: Any = line.key
    currency, partner, discounted = key
    analytic: Any = line.analytic
    values = {
        "tax_repartition_line_id": line.share.id,
        "group_tax_id": line.group.id if line.group else None,
        "account_id": line.account,
        "currency_id": currency,
        "analytic_distribution": dict(analytic) if analytic else None,
        "tax_ids": tuple(line.next_taxes) or None,
        "tax_tag_ids": tuple(line.tags) or None,
        "partner_id": partner,
    }
    name = f"{line.tax.name} (Discount)" if discounted else line.tax.name
    unsigned = not move.env.db.profile.rules.tax_base_signed and inverts_tags(move, line)
    base = -line.base if unsigned else line.base
    amounts = {"amount_currency": line.amount_currency, "balance": line.balance, "tax_base_amount": base}
    return _key(values), {**values, **amounts, "name": name}


def _prices_count(move: Any) -> bool:
    """Return whether the amounts of lines follow from their prices by way of the taxes, also where there are none."""
    return move.env.db.profile.rules.bases_from_taxes and move.move_type in INVOICE_OR_RECEIPT


def _bases(move: Any, ids: list[int], document: engine.Document) -> dict[str, dict[int, Any]]:
    """Return the amounts of the lines that taxes were computed on, where they follow from that."""
    if not _prices_count(move):
        return {}
    rows = move.env.db.store.rows(_LINES)
    found = [(i, b) for i, b in zip(ids, document.bases, strict=True) if kind_of(rows[i]) == "product"]
    return {
        "amount_currency": {id_: base.amount_currency for id_, base in found},
        "balance": {id_: base.balance for id_, base in found},
    }


def inverts_tags(move: Any, line: engine.TaxLine) -> bool:
    """Return whether the report of a tax counts credits: of sales, and of bills that are paid back."""
    if move.move_type in INVOICE_OR_RECEIPT:
        return move.move_type in INBOUND_OR_RECEIPT
    use = move.env["account.tax"].browse(line.tax.id).type_tax_use
    refund = line.share in line.tax.refund.shares
    return bool((use == "sale" and not refund) or (use == "purchase" and refund))


def _key(row: Row) -> Hashable:
    analytic = row.get("analytic_distribution") or {}
    shares = tuple(sorted((str(key), float(part)) for key, part in analytic.items()))
    return (
        row.get("tax_repartition_line_id"), row.get("group_tax_id"), row.get("account_id"), row.get("currency_id"),
        shares, row.get("tax_ids") or (), row.get("tax_tag_ids") or (), row.get("partner_id"),
    )  # fmt: skip


def replace(move: Any, needed: dict[Hashable, dict[str, Any]], present: dict[Hashable, int], display_type: str) -> None:
    """Make the generated lines of a type those that are needed: change, reuse, delete and create lines."""
    lines = move.env[_LINES]
    doomed = [id_ for key, id_ in present.items() if key not in needed]
    changes: dict[str, dict[int, Any]] = {}
    missing = []
    known = lines._model.fields
    for key, wanted in needed.items():
        values = {name: value for name, value in wanted.items() if name in known}
        if key in present:
            own = lines.browse(present[key])
        elif doomed:
            own = lines.browse(doomed.pop())
        else:
            missing.append({**_written(values), "move_id": move.id, **as_kind(lines, display_type)})
            continue
        for name, value in values.items():
            changes.setdefault(name, {})[own.id] = value
    assign(move.env[_LINES], changes)
    if doomed:
        lines.browse(doomed).with_context(dynamic_unlink=True, force_delete=True).unlink()
    if missing:
        lines.create(missing)


def _written(values: dict[str, Any]) -> dict[str, Any]:
    """Return values of rows as `create` takes them."""
    return {
        name: [(6, 0, list(value))] if isinstance(value, tuple) else False if value is None else value
        for name, value in values.items()
    }
