"""The state of a server in a folder: what was answered is there again after the process was killed.

Each database has a file with the rows of its tables, in the form of TinyDB's files, and a journal of what changed since
that file was written.
"""

from __future__ import annotations


class DataFolderError(ValueError):
    """A folder cannot be used for the state of a server; the text names the folder or the file, and says why."""
