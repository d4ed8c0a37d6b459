"""Working time that employees record on projects and tasks, and its totals.

Covers: flow-timesheet-1, and the working time of flow-random-work-1 and flow-rights-1.

Leaves out: reports, and the calendar of 19.0.
"""
