"""Automation rules: what the server does by itself when records are created, written or deleted, and webhooks.

All of it is inferred from the documentation and the behaviour that integrators describe; no server with the module was
recorded.  A model with rules gets a class before all its others (`wrapping.py`), as the real server patches its
methods.

Leaves out: rules on changes in a form (`on_change`), calendars of delays, the Python code of actions and of
`record_getter` beyond its usual form.
"""
