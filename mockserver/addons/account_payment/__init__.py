"""Online payments beside accounting: the fields about transactions.

Leaves out: payment providers and transactions; there are none, so nothing was paid online.
"""
