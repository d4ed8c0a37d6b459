"""Sales: quotations and orders with their lines, prices, discounts, taxes and totals; what sales add to products.

Covers the orders of flow-sale-1, flow-sale-2, flow-sale-4, flow-product-2 and flow-product-4 (17.0, 18.0, 19.0).
Invoices of orders, down payments and sale.report: flow-sale-3, flow-walk-sale-1, flow-cross-1 (17.0, 18.0, 19.0).
Leaves out: orders of 11.0 and 12.0 make no invoices, costs are not passed on to customers; payments online and
signatures.
"""
