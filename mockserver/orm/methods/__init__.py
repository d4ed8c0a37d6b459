"""The public ORM methods, by theme.  Importing this package registers them all."""

from mockserver.orm.methods import (  # noqa: F401
    access,
    copying,
    crud,
    describe,
    naming,
    search,
)
