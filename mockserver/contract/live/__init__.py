"""Clients of live servers, and their errors."""
