"""Published client libraries drive the server: what they ask by themselves, and what they make of the answers."""
