"""Models, the registry that holds them, and their methods."""
