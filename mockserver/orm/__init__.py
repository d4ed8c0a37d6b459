"""What data does: models, fields, rows, domains and the methods on them.  No HTTP, no sockets."""
