"""What the models of the base system do: contacts, users, companies, and the `ir.*` models."""
