"""Databases from fixtures, and fixtures from databases."""
