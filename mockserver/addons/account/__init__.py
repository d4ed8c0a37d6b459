"""Invoicing: taxes, payment terms, fiscal positions; entries, payments.

Covers: flow-tax-1.

Leaves out: taxes computed by Python code, and the columns of tax reports.
"""
