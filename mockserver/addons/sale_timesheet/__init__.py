"""Working time that is sold: what it delivers of order lines, and what invoices have of it.

Covers: the fields of flow-timesheet-1 and flow-project-1 that the module adds.

Leaves out: the report of profitability (14.0), the overview of a project, and the portal.
"""
