"""Invoicing: taxes, payment terms, fiscal positions, currencies; entries, payments.

Covers: flow-tax-1, flow-invoice-1 and -2, flow-bill-1, flow-entry-1, flow-currency-1, flow-payment-1,
flow-random-invoice-1.

Leaves out: taxes computed by Python code, taxes of other countries, and the columns of tax reports; entries for taxes
that are due on payment (a reconciliation that needs one is refused); reconciliation models, QR codes, and payments that
a bank has to be told of.
"""
