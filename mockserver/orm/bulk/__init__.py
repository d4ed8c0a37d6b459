"""Importing tables of texts."""
