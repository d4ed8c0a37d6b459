"""Projects, tasks, stages shared and personal, milestones, recurrence.

Covers: flow-project-1, and the projects and tasks of flow-timesheet-1, flow-random-work-1, flow-rights-1.

Leaves out: sharing with portal users, ratings, reports, the texts of
updates, templates of projects (19.0).
"""
