"""Employees with their resource, contact and public view; departments and jobs.

Covers flow-rights-1 (17.0), and of flow-hr-1 (17.0, 18.0, 19.0) what is not about attendances.
Leaves out: presence, plans of activities, skills, and more than one version of an employee (19.0).
"""
