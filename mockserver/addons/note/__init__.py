"""Notes of single users, with stages of their own; until 16.0, since 17.0 tasks take their place.

Inferred: throughout, from the public documentation of the module and what integrations write.
"""
