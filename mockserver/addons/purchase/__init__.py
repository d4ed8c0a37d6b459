"""Purchases: requests for quotation, orders with their vendor prices and totals, approval, vendor bills.

Covers the flows purchase.

Leaves out: the dashboard of the web client, the reminders of arrivals by mail, the portal, the product catalogue, and
the matching of bill lines with order lines.
"""
