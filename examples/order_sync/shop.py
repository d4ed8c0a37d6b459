"""What the shop knows: its products, orders and invoices."""

from __future__ import annotations

from dataclasses import dataclass


class TotalDiffers(Exception):
    """Odoo computes another total than the shop; the document is not kept."""


@dataclass(frozen=True)
class Product:
    """A product of the shop; `price` is without taxes, one that is `stored` has a stock level."""

    code: str
    name: str
    price: float
    stored: bool = False


@dataclass(frozen=True)
class Line:
    """A line of an order or invoice; without a price, it has that of the product.  `discount` is in percent."""

    code: str
    quantity: float
    price: float | None = None
    discount: float = 0.0


@dataclass(frozen=True)
class Order:
    """An order of the shop; `total` is with taxes."""

    number: str
    customer: str
    email: str
    lines: list[Line]
    total: float


@dataclass(frozen=True)
class Invoice:
    """An invoice of the shop; `total` is with taxes, `paid` is what the customer has paid so far."""

    number: str
    customer: str
    email: str
    lines: list[Line]
    total: float
    paid: float = 0.0
    date: str | None = None
