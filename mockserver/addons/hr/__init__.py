"""Employees with their resource, contact and public view; departments and jobs.

Covers flow-rights-1 (17.0), and of flow-hr-1 (17.0, 18.0) what is not about attendances.
Leaves out: presence, plans of activities, skills, and the versions that 19 keeps of an employee's contract.
"""
