"""Reports for people: what the profiles are, and which calls a later version changes."""
