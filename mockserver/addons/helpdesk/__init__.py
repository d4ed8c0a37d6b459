"""Helpdesk: tickets, teams, stages, types and tags, policies for when a stage is to be reached (SLA).

Inferred: throughout, from the public documentation of the module and what integrations read and write over RPC; no
server with it was recorded.  The names of models and fields are the same in every profile.

Leaves out: mail that comes in, forms and live chat of websites, ratings, closing tickets by themselves, dispatch by
tags, refunds, repairs and returns, the reports, the dashboard of the web client, how long a ticket was in each stage.
"""
