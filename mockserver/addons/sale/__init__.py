"""Sales: quotations with their lines, prices, discounts and totals; what sales add to products.

Covers the orders of flow-product-2 and flow-product-4 (17.0, 18.0, 19.0).
Leaves out: confirmation, deliveries and invoices of orders.
"""
