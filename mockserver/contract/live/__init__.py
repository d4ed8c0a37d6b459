"""A live server: the clients that speak to it, and what can be wrong with it."""
