"""Calls that a later version removes, refuses or changes: a table with one entry a call.

Source: versions.md §12 (b); each entry names the section with the details.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.profiles.generations import FIRST

RPC = frozenset({"xmlrpc", "jsonrpc"})


class MockserverDeprecationWarning(DeprecationWarning):
    """The code under test makes a call that a later version of its server changes."""


@dataclass(frozen=True)
class Deprecation:
    """A kind of call, the generation that changes it, and what to use instead.

    `call` names it in reports; `change` is one word for what happens to it.  `generation` is the first with the
    change, `deprecated` the first that warns of it, `since` the first that has the call.

    The other fields select calls.  The dialect, service, model and method of the call must be those given.  Where at
    least one of the following is set, one of them must hold too: the call has an argument named `keyword`, more than
    `position` positional arguments (ids included), the text `mentions` somewhere in its arguments, or values for
    fields that the model does not have (`unknown_fields`).
    """

    call: str
    generation: int
    change: str
    replacement: str
    source: str
    deprecated: int | None = None
    since: int = FIRST
    dialects: frozenset[str] = frozenset()
    service: str | None = None
    model: str | None = None
    method: str | None = None
    keyword: str | None = None
    position: int | None = None
    mentions: str | None = None
    unknown_fields: bool = False

    def has_changed(self, generation: int) -> bool:
        """Return whether this generation has the change."""
        return self.generation <= generation

    @property
    def of_model(self) -> bool:
        """Whether it is about a model's method, and not about a protocol or a service."""
        return not (self.dialects or self.service)

    @property
    def when(self) -> str:
        """Such as `removed in 18.0 (deprecated since 17.0)`."""
        since = f" (deprecated since {self.deprecated}.0)" if self.deprecated else ""
        return f"{self.change} in {self.generation}.0{since}"


def _any(call: str, generation: int, change: str, replacement: str, section: str, **details: Any) -> Deprecation:
    return Deprecation(call, generation, change, replacement, f"versions.md {section}", **details)


def _in_20(call: str, change: str, replacement: str, source: str, **details: Any) -> Deprecation:
    return Deprecation(call, 20, change, replacement, source, **details)


def _call(call: str, generation: int, change: str, replacement: str, section: str, **details: Any) -> Deprecation:
    method = call.partition("(")[0]
    return _any(call, generation, change, replacement, section, method=method, **details)


_JSON2 = "POST /json/2/<model>/<method> with an API key"
_CONTEXT = "the keyword context"

DEPRECATIONS: tuple[Deprecation, ...] = (
    # the way to call
    _any("XML-RPC", 22, "removed", _JSON2, "§11.6", deprecated=19, dialects=frozenset({"xmlrpc"})),
    _any("/jsonrpc", 22, "removed", _JSON2, "§11.6", deprecated=19, dialects=frozenset({"jsonrpc"})),
    _any("the db service", 20, "removed", "/web/database/…", "§4.2", deprecated=19, service="db", dialects=RPC),
    # arguments
    _call("read(…, context)", 13, "removed", _CONTEXT, "§4.4", position=3),
    _call("write(…, context)", 13, "removed", _CONTEXT, "§4.4", position=2),
    _call("create(…, context)", 13, "removed", _CONTEXT, "§4.4", position=1),
    _call("unlink(…, context)", 13, "removed", _CONTEXT, "§4.4", position=1),
    _call("search(…, context)", 13, "removed", _CONTEXT, "§4.4", position=5),
    _call("search_count(…, context)", 13, "removed", _CONTEXT, "§4.4", position=1),
    _call("search_read(…, context)", 13, "removed", _CONTEXT, "§4.4", position=5),
    _call("name_search(…, context)", 13, "removed", _CONTEXT, "§4.4", position=4),
    _call("export_data(raw_data=)", 13, "removed", "the values, which are always raw", "§6.1",
          keyword="raw_data", position=2),
    _call("create(unknown fields)", 14, "refused", "values of known fields only", "§9.5", unknown_fields=True),
    _call("write(unknown fields)", 13, "refused", "values of known fields only", "§9.5", unknown_fields=True),
    _call("search(args=)", 16, "renamed", "domain=", "§6.1", keyword="args"),
    _call("search_count(args=)", 16, "renamed", "domain=", "§6.1", keyword="args"),
    _call("search(count=)", 17, "removed", "search_count", "§6.1", keyword="count", position=4),
    _call("name_search(args=)", 19, "renamed", "domain=", "§6.1", keyword="args"),
    _call("default_get(fields_list=)", 19, "renamed", "fields=", "§6.1", keyword="fields_list"),
    # methods
    _call("fields_view_get", 17, "removed", "get_view", "§6.2", deprecated=16),
    _call("load_views", 17, "removed", "get_views", "§6.2", deprecated=16),
    _call("resolve_2many_commands", 14, "removed", "read on the comodel", "§6.1"),
    _call("fields_get_keys", 17, "removed", "fields_get", "§6.1"),
    _call("get_xml_id", 17, "removed", "get_external_id", "§6.1", deprecated=16, since=16),
    _call("web_search_read", 17, "changed", "web_search_read(domain, specification, …)", "§6.2", since=13),
    _call("onchange", 17, "changed", "onchange(ids, values, field_names, fields_spec)", "§6.1"),
    _call("name_get", 18, "removed", "read(ids, ['display_name'])", "§6.1", deprecated=17),
    _call("user_has_groups", 18, "removed", "res.users.has_group", "§6.1"),
    _call("copy_multi", 18, "removed", "copy, which takes several ids", "§6.1", since=17),
    _call("copy", 18, "changed", "the first of the list of ids that it answers", "§6.1"),
    _call("copy_data", 18, "changed", "the first of the list of values that it answers", "§6.1"),
    _call("check_access_rights", 20, "removed", "has_access", "§6.1", deprecated=18),
    _call("check_access_rule", 20, "removed", "has_access", "§6.1", deprecated=18),
    _call("check_field_access_rights", 20, "removed", "fields_get", "§6.1", deprecated=19),
    _call("exists", 19, "refused", "search([('id', 'in', ids)])", "§6.1"),
    _call("search_fetch", 19, "refused", "search_read", "§6.1", since=17),
    _call("fetch", 19, "refused", "read", "§6.1", since=17),
    _call("check_access", 19, "refused", "has_access", "§6.1", since=18),
    _call("web_read_group", 19, "changed", "web_read_group(domain, groupby, aggregates, …)", "§6.2", since=13),
    _call("read_group", 20, "changed", "formatted_read_group (from 19.0)", "§6.1", deprecated=19),
    _call("toggle_active", 20, "removed", "action_archive and action_unarchive (from 13.0)", "§6.1", deprecated=19),
    _call("xmlid_to_res_id", 15, "removed", "check_object_reference", "§12 (b)", model="ir.model.data"),
    # fields and operators, anywhere in the arguments
    _any("the field datas_fname", 13, "removed", "name", "§12 (b)", model="ir.attachment", mentions="datas_fname"),
    _any("the field __last_update", 17, "removed", "write_date", "§7.1", mentions="__last_update"),
    _any("the field groups_id", 19, "renamed", "group_ids", "§12 (b)", model="res.users", mentions="groups_id"),
    _call("fields_get(attribute group_operator)", 18, "renamed", "aggregator", "§6.4", mentions="group_operator"),
    _any("the operator <>", 20, "removed", "!=", "§8.1", deprecated=19, mentions="<>"),
    # Inferred: what ends with 20
    _in_20("the model ir.model.access", "removed", "ir.access", "odoo-20 §4", model="ir.model.access"),
    _in_20("the model ir.rule", "removed", "ir.access", "odoo-20 §4", model="ir.rule"),
    _in_20("the model res.bank", "removed", "bank_name and bank_bic of the account", "odoo-20 §8", model="res.bank"),
    _in_20("get_param", "removed", "get_str, get_int, get_float or get_bool", "odoo-20 §5",
           model="ir.config_parameter", method="get_param"),
    _in_20("set_param", "removed", "set_str, set_int, set_float or set_bool", "odoo-20 §5",
           model="ir.config_parameter", method="set_param"),
    _in_20("the field company_type", "removed", "is_company", "odoo-20 §8",
           model="res.partner", mentions="company_type"),
    _in_20("the field acc_number", "renamed", "account_number", "odoo-20 §8",
           model="res.partner.bank", mentions="acc_number"),
    _in_20("the field datas", "removed", "raw", "odoo-20 §7", model="ir.attachment", mentions="datas"),
)  # fmt: skip


def later(generation: int) -> tuple[Deprecation, ...]:
    """Return the entries whose change comes after a generation."""
    return tuple(entry for entry in DEPRECATIONS if entry.generation > generation)


def between(generation: int, later_generation: int) -> tuple[Deprecation, ...]:
    """Return the entries for calls of one generation that change, or are deprecated, up to a later generation."""
    return tuple(
        entry
        for entry in DEPRECATIONS
        if entry.since <= generation
        and any(generation < changed <= later_generation for changed in (entry.generation, entry.deprecated or 0))
    )
