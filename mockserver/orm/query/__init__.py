"""Finding, ordering and grouping rows."""
