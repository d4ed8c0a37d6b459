"""Projects, tasks and timesheets."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Projects(Section, title="Projects and timesheets"):
    cancelled_name: str = rule(
        "name of the personal stage of tasks that are called off",
        "recorded in flow-project-1 (17.0, 18.0)",
        {11: "Canceled", 18: "Cancelled"},
    )
    favourite_of_creator: bool = rule(
        "a new project is a favourite of the user who creates it",
        "recorded in flow-project-1 (17.0, 18.0)",
        {11: True, 18: False},
    )
    child_in_parents_project: bool = rule(
        "a new task with a parent and without project belongs to the project of the parent; else it is refused",
        "recorded in flow-project-1 (17.0, 18.0, 19.0)",
        {11: True, 18: False, 19: True},
    )
    child_for_creator: bool = rule(
        "a new task with a parent is assigned to the user who creates it",
        "recorded in flow-project-1 (17.0, 19.0)",
        {11: True, 19: False},
    )
    progress_is_share: bool = rule(
        "the progress of a task is 1.0 when it is done, else 100.0",
        "recorded in flow-timesheet-1 (17.0, 18.0)",
        {11: False, 18: True},
    )
    archived_employee_text: str = rule(
        "error of recording time for an employee who is archived",
        "recorded in flow-timesheet-1 (17.0, 18.0)",
        {
            11: "You cannot set an archived employee to the existing timesheets.",
            18: "You cannot set an archived employee on existing timesheets.",
        },
    )
    no_account_text: str = rule(
        "error of recording time where there is no analytic account",
        "recorded in flow-timesheet-1 (17.0, 18.0)",
        {
            11: "Timesheets must be created on a project or a task with an active analytic account.",
            18: "At least one analytic account must be set",
        },
    )
    closed_account_text: str = rule(
        "error of recording time where the analytic account is archived",
        "read in 17.0 and 18.0",
        {
            11: "Timesheets must be created on a project or a task with an active analytic account.",
            18: "Timesheets must be created with at least an active analytic account defined in the plan 'Project'.",
        },
    )
    timesheets_need_account_text: str = rule(
        "error of a project where time is recorded without an analytic account",
        "read in 17.0 and 18.0",
        {
            11: "You cannot use timesheets without an analytic account.",
            18: "To use the timesheets feature, you need an analytic account for your project. Please set one up in the"
            " plan 'Project' or turn off the timesheets feature.",
        },
    )
    task_has_timesheets_text: str = rule(
        "error of deleting a task with recorded time",
        "read in 17.0; Inferred: the text of 19.0",
        {
            11: "This task has some timesheet entries referencing it. Before removing this task, you have to remove"
            " these timesheet entries.",
            19: "Some timesheet entries are weighing down this task! Remove them first, then you\u2019ll be able to"
            " delete the task!",
        },
    )
    tasks_have_timesheets_text: str = rule(
        "error of deleting several tasks with recorded time",
        "recorded in flow-timesheet-1 (17.0, 19.0)",
        {
            11: "These tasks have some timesheet entries referencing them. Before removing these tasks, you have to"
            " remove these timesheet entries.",
            19: "Some timesheet entries are weighing down these tasks! Remove them first, then you\u2019ll be able to"
            " delete the tasks!",
        },
    )
    prepaid_policy: str = rule(
        "name of the policy of services that are invoiced as ordered",
        "read in 16.0 and 17.0",
        {11: "ordered_timesheet", 16: "ordered_prepaid"},
    )
    orders_name_their_project: bool = rule(
        "an order has the project that its confirmation makes, or in which it makes its first task",
        "Inferred: from public documentation of 18.0",
        {11: False, 18: True},
    )
    lines_take_milestones: bool = rule(
        "a service that is invoiced by milestones takes those of its new project, before it makes one of its own",
        "Inferred: from public documentation of 18.0",
        {11: False, 18: True},
    )
    task_keeps_its_line: bool = rule(
        "the order line of a task goes when the customer of the task is changed by hand, not whenever both differ",
        "read in 17.0 and 18.0",
        {11: False, 18: True},
    )
    prepaid_time_is_watched: bool = rule(
        "the salesperson is told once that more of a prepaid service was delivered than its threshold",
        "read in 16.0 and 17.0",
        {11: False, 16: True},
    )
