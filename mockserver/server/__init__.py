"""The WSGI app, and the server that serves it."""
