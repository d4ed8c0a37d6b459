"""Contracts: what a server was seen to answer, replayed against another; and the live servers they come from."""
