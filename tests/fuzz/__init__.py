"""A fuzz campaign: random requests over every protocol, and what must be true whatever is sent.

An *episode* is a list of requests that begins with a server in its first state; a *finding* is something wrong, with
the shortest part of its episode that shows it again.  `python -m tests.fuzz --help` tells how to run a campaign.
"""
