"""A running mockserver that several test runs use at once, each with databases of its own."""
