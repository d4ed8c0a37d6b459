"""What selling services adds to projects, tasks and orders: confirmed services make projects and tasks.

Covers: the customers of tasks in flow-project-1.

Leaves out: the lines of orders that tasks find by themselves, and the milestones of products.
"""
