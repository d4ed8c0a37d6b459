"""Resources, and their working hours.

Covers what the flows of employees, projects and time need (17.0, 18.0).
Leaves out: the arithmetic of working time between two moments, and calendars of two weeks.
"""
