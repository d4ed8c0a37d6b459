"""Models, the registry that holds them, and the methods that they answer to."""
