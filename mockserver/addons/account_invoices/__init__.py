"""Invoicing until 12.0 and in Flectra 1.6: invoices are documents of their own, which make a journal entry when opened.

Covers: account.invoice with lines and taxes, draft → open → paid, credit notes, journal entries, payments, the wizards
of all these, and reconciliation with exchange differences.

Inferred: the fields of account.move, account.move.line and account.payment are those of Flectra 1.6; all else is from
the public API of 11.0 and 12.0, of which no server was recorded.

Leaves out: cash rounding, taxes that are due on payment, analytic lines, bank statements, reports.
"""
