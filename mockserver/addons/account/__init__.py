"""Invoicing: taxes, payment terms, fiscal positions; entries, payments.

Covers: flow-tax-1, flow-invoice-1 and -2, flow-bill-1, flow-entry-1, flow-currency-1, flow-payment-1,
flow-random-invoice-1.

Leaves out: taxes computed by Python code, and the columns of tax reports; entries for taxes that are due on payment;
reconciliation models, QR codes, and payments that a bank has to be told of.
"""
