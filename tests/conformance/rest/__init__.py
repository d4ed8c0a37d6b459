"""Recorded exchanges of servers with a REST add-on, replayed against ours."""
