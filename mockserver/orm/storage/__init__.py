"""Rows in memory, with an undo log."""
