"""The decorators of model methods: `@api.depends("line_ids.amount")`."""

from mockserver.orm.schema.api import (
    computed_after,
    computes,
    constrains,
    depends,
    depends_context,
    model,
    model_create_multi,
    onchange,
    ondelete,
    over_http,
    private,
    returns_id,
    versions,
)

__all__ = [
    "computed_after",
    "computes",
    "constrains",
    "depends",
    "depends_context",
    "model",
    "model_create_multi",
    "onchange",
    "ondelete",
    "over_http",
    "private",
    "returns_id",
    "versions",
]
