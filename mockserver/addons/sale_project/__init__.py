"""What selling services adds to projects and tasks.

Covers: the customers of tasks in flow-project-1.

Leaves out: projects and tasks that confirmed orders make, and the lines of orders that they belong to.
"""
