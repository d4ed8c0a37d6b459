"""Databases, environments and recordsets."""
