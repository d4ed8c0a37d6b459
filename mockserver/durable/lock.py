"""The lock of a folder: a file that the operating system locks for as long as the process lives."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mockserver.durable import DataFolderError

NAME = "lock"
_FAR = 1 << 30  # Windows lets nobody read what is locked; the process id stands before it


class FolderLock:
    """Holds the lock of a folder; raises `DataFolderError` if another process or server holds it."""

    def __init__(self, folder: Path) -> None:
        path = folder / NAME
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DataFolderError(f"{folder}: {error.strerror}") from None
        if not _lock(self._file):
            owner = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            raise DataFolderError(f"{folder} is in use by process {owner or 'unknown'}, which holds {path}")
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let others use the folder."""
        os.close(self._file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        os.lseek(file, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
