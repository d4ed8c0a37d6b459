"""What selling services adds to projects, tasks and orders: confirmed services make projects, tasks and milestones.

Covers: the customers of tasks in flow-project-1.

Leaves out: the profitability of projects, and templates of tasks (19.0).
"""
