"""Sales teams and their members.

Covers the flows of flow-crm-1 and flow-rights-1 (17.0, 18.0, 19.0).
Leaves out: the data of the dashboard's graphs.
"""
