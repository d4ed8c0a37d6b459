"""Send a shop's products, orders and invoices to Odoo, and read stock levels, numbers and payments back.

    sync = OrderSync(Erp("https://erp.example.com", "shop", "sync@example.com", "secret"))
    sync.push_products([Product("CH-1", "Chair", 50.0, stored=True)])
    sync.push_orders([Order("W-1001", "Ann Smith", "ann@example.com", [Line("CH-1", 2)], total=115.0)])
    sync.stock_levels(["CH-1"])
    sync.invoice_orders()

Each step may be done twice: products are found by their code, customers by their address, orders by an external id,
invoices by the shop's number.  So a run that was cut short is simply run again.
"""

from __future__ import annotations

from invoices import Invoices
from orders import Orders
from products import Products


class OrderSync(Products, Orders, Invoices):
    """Products, orders and invoices of one shop in one database."""
