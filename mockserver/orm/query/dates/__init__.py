"""Dates and times in domains: how a version reads the texts that they are compared with, and parts of dates."""
