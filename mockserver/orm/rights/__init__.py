"""Access rights on models and fields, and record rules."""
