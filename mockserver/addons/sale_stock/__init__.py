"""What stock adds to sales: deliveries of confirmed orders, delivered quantities, and what is available.

Covers the deliveries of flow-sale-1 to flow-sale-3 (17.0, 18.0, 19.0), flow-walk-sale-1, flow-cross-1 and
flow-cross-2 (17.0).
Leaves out: the texts that explain a late delivery in the web client, lots on printed invoices, and the warning on an
order of which less is delivered without a backorder.
"""
