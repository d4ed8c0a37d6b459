"""Working time on tickets, where helpdesk and timesheets are loaded.

Inferred: a line of a ticket belongs to the project of the ticket's team.
Leaves out: timers, selling the time of tickets, tickets made from tasks.
"""
