"""The behaviour of the base system's models: contacts, users, companies, and the `ir.*` models."""
