"""Grouping of records, and import of tables."""
