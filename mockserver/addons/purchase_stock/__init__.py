"""Receipts of purchase orders.

Covers the flows purchase.
"""
