"""Search and sort rows, and get the values of their fields."""
