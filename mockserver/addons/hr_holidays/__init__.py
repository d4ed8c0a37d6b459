"""Time off: its types, requests with their days and hours, approvals, allocations and balances.

Covers flow-leave-1 and the time off of flow-random-days-1 (17.0), and of 18.0 and 19.0 the recorded differences.
Leaves out: accrual plans, requests by company, department or tag, activities and messages for those who approve, the
wizards and reports.
"""
