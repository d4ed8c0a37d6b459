"""The keywords of the assertions on calls, so that a type checker finds a misspelled one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from mockserver.orm.records.recordset import Recordset
from mockserver.testing.faults.fault import Fault


class Keywords(TypedDict, total=False):
    """The keywords of `assert_called`, which describes them.

    The arguments are those of the ORM's own methods.  At run time any other name is an argument too; a type checker
    accepts it in `args` only.
    """

    ids: Recordset | int | Iterable[int]
    user: Any
    db: str
    dialect: str
    context: Mapping[str, Any]
    context__contains: Mapping[str, Any]
    error: bool | str | type[BaseException] | type[Fault]
    fault: bool | str | Fault | BaseException | type[Fault] | type[BaseException]
    args: Mapping[str, Any]

    # arguments of methods; they may be of any type, as a client may send anything
    aggregates: Any
    aggregates__contains: Any
    allfields: Any
    allfields__contains: Any
    attributes: Any
    attributes__contains: Any
    count_limit: Any
    data: Any
    data__contains: Any
    default: Any
    default__contains: Any
    domain: Any
    domain__contains: Any
    fields: Any
    fields__contains: Any
    fields_list: Any
    fields_list__contains: Any
    fields_to_export: Any
    fields_to_export__contains: Any
    groupby: Any
    groupby__contains: Any
    having: Any
    having__contains: Any
    lazy: Any
    limit: Any
    load: Any
    name: Any
    name__contains: Any
    offset: Any
    operation: Any
    operator: Any
    order: Any
    order__contains: Any
    orderby: Any
    orderby__contains: Any
    raise_exception: Any
    raw_data: Any
    read_kwargs: Any
    specification: Any
    specification__contains: Any
    vals: Any
    vals__contains: Any
    vals_list: Any
    vals_list__contains: Any
    values: Any
    values__contains: Any

    # arguments of the services' methods
    login: Any
    login__contains: Any
    db_name: Any
    lang: Any
