"""Sales: quotations and orders with their lines, prices, discounts, taxes and totals; what sales add to products.

Covers the orders of flow-sale-1, flow-sale-2, flow-sale-4, flow-product-2 and flow-product-4 (17.0, 18.0, 19.0).
Leaves out: payments online, signatures, and the limits of credit.
"""
