"""Analytic accounting: plans with a column each, accounts with their balances, and lines.

Covers: the analytic part of flow-entry-1.

Leaves out: budgets.
"""
