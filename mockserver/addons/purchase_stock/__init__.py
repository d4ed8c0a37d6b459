"""Receipts of purchase orders: their transfers and moves, what is received, and orders that rules make.

Covers the flows purchase.

Leaves out: the report of vendors that deliver in time, suggestions of what to buy, dropshipping without its module.
"""
