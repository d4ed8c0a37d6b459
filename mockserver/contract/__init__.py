"""Contracts: recorded requests with the answers of a server, replayed against another; and clients of live servers."""
