"""The WSGI app and the HTTP server that serves it."""
