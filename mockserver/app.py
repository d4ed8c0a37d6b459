"""The WSGI callable, for any WSGI server: `from mockserver.app import create_app`."""

from mockserver.server.app import App, create_app

__all__ = ["App", "create_app"]
