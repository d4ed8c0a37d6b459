"""The public ORM methods, by theme.  Importing this package registers them all."""

from mockserver.orm.methods import (  # noqa: F401
    access,
    copying,
    crud,
    describe,
    grouping,
    naming,
    onchange,
    search,
    transfer,
    web,
)
