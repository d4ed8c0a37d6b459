"""Leads and opportunities: contacts, stages and teams, won and lost, conversion, merging, duplicates, recurring plans.

Covers the flows of flow-crm-1 and flow-rights-1 (17.0, 18.0, 19.0).
Leaves out: the probability that the real server learns from earlier leads (it is 0 until a lead is won), the automatic
assignment of leads to teams, buying leads, and the rows of the report on activities.
"""
