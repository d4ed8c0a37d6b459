"""The profiles as data: every method in every version, and no difference that nothing reads.

The table of methods is written from versions.md §6, not from the registry that it checks.
"""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import json
import re
import urllib.request
import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer, addons, profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError
from mockserver.orm.database import Database
from mockserver.profiles import PROFILES, Profile
from mockserver.profiles.rules import RULES, SECTIONS
from mockserver.seed import build as seed
from mockserver.services import Call, execute
from mockserver.services.named_arguments import public_methods

PACKAGE = Path(__file__).parent.parent / "mockserver"
PARTNER = 1  # the main company's
NAME: dict[str, Any] = {"name": {}}


class Row:
    """A method of every model: the versions that have it, where it is refused, and arguments that it takes.

    `args` is one list, or lists by the version from which on they fit.
    """

    def __init__(
        self,
        name: str,
        args: list[Any] | dict[int, list[Any]],
        since: int = 11,
        until: int | None = None,
        refused: int | None = None,
    ) -> None:
        self.name, self.since, self.until, self.refused = name, since, until, refused
        self._args = args if isinstance(args, dict) else {since: args}

    def args(self, generation: int) -> list[Any]:
        return self._args[max(start for start in self._args if start <= generation)]


TABLE = [
    Row("create", [{"name": "New"}]),
    Row("read", [[PARTNER], ["name"]]),
    Row("write", [[PARTNER], {"comment": "x"}]),
    Row("unlink", [[]]),
    Row("search", [[]]),
    Row("search_count", [[]]),
    Row("search_read", [[], ["name"]]),
    Row("search_fetch", [[], ["name"]], since=17, refused=19),
    Row("fetch", [[PARTNER], ["name"]], since=17, refused=19),
    Row("exists", [[PARTNER]], refused=19),
    Row("copy", [[PARTNER]]),
    Row("copy_data", [[PARTNER]]),
    Row("copy_multi", [[PARTNER]], since=17, until=17),
    Row("default_get", [["name", "type"]]),
    Row("name_create", ["Quick"]),
    Row("name_search", ["a"]),
    Row("name_get", [[PARTNER]], until=17),
    Row("fields_get", [["name"]]),
    Row("fields_get_keys", [], until=16),
    Row("clear_caches", [], until=16),
    Row("read_group", {11: [[], ["type"], ["type"]], 20: [[], ["type"], ["__count"]]}),
    Row("formatted_read_group", [[], ["type"], ["__count"]], since=19),
    Row("formatted_read_grouping_sets", [[], [["type"], []], ["__count"]], since=19),
    Row("check_access_rights", ["read"], until=19),
    Row("check_access_rule", [[PARTNER], "read"], until=19),
    Row("check_access", [[PARTNER], "read"], since=18, refused=19),
    Row("has_access", [[PARTNER], "read"], since=18),
    Row("check_field_access_rights", ["read", ["name"]], until=19),
    Row("get_metadata", [[PARTNER]]),
    Row("get_external_id", [[PARTNER]]),
    Row("get_xml_id", [[PARTNER]], since=16, until=16),
    Row("load", [["name"], [["Loaded"]]]),
    Row("export_data", [[PARTNER], ["name"]]),
    Row("toggle_active", [[]], until=19),
    Row("action_archive", [[]], since=13),
    Row("action_unarchive", [[]], since=13),
    Row("onchange", {11: [[], {"name": "x"}, "name", {"name": "1"}], 17: [[], {"name": "x"}, ["name"], NAME]}),
    Row("user_has_groups", ["base.group_user"], until=17),
    Row("get_property_definition", ["name.x"], since=17),
    Row("get_field_translations", [[PARTNER], "name"], since=16),
    Row("update_field_translations", [[PARTNER], "name", {}], since=16),
    Row("web_override_translations", [[PARTNER], {"name": "x"}], since=18),
    Row("web_search_read", {13: [[], ["name"]], 17: [[], NAME]}, since=13),
    Row("web_read_group", {13: [[], ["type"], ["type"]], 19: [[], ["type"]]}, since=13),
    Row("web_read", [[PARTNER], NAME], since=17),
    Row("web_save", [[PARTNER], {"comment": "x"}, NAME], since=17),
    Row("web_save_multi", [[PARTNER], [{"comment": "x"}], NAME], since=19),
    Row("web_name_search", ["a", {"display_name": {}}], since=19),
    Row("web_resequence", [[PARTNER], NAME, "color"], since=19),
    Row("read_progress_bar", [[], "type", {"field": "active", "colors": {"a": "b"}}]),
    Row("get_field_translations", [[PARTNER], "name"], since=16),
    Row("update_field_translations", [[PARTNER], "name", {}], since=16),
    Row("web_override_translations", [[PARTNER], {}], since=18),
    Row("filtered_domain", [[PARTNER], [["id", "=", 1]]], since=13, refused=17),
    Row("filtered", [[PARTNER], "active"], refused=17),
    Row("mapped", [[PARTNER], "country_id.code"], refused=17),
    Row("sorted", [[PARTNER]], refused=17),
    Row("ensure_one", [[PARTNER]], refused=17),
    Row("with_user", [[PARTNER], 1], since=13, refused=17),
    Row("with_context", [[PARTNER], {}], refused=17),
    Row("with_company", [[PARTNER], 1], since=14, refused=17),
    Row("sudo", [[PARTNER]], refused=19),
    Row("browse", [[PARTNER]], refused=19),
    Row("update", [[PARTNER], {"comment": "x"}], refused=19),
    Row("modified", [[PARTNER], ["comment"]], refused=19),
    Row("fields_view_get", [], until=16),
    Row("load_views", [[[False, "form"]]], until=16),
    Row("get_view", [None, "form"], since=16),
    Row("get_views", [[[False, "form"]]], since=16),
    Row("get_formview_id", [[PARTNER]]),
    Row("get_formview_action", [[PARTNER]]),
    Row("get_access_action", [[PARTNER]], until=15),
    Row("get_empty_list_help", ["none"]),
    Row("resolve_2many_commands", ["category_id", [(6, 0, [])]], until=13),
    Row("search_panel_select_range", ["country_id"], since=13),
    Row("search_panel_select_multi_range", ["category_id"], since=13),
    Row("perm_read", [[PARTNER]], until=0),
]
# what real servers have and this one does not
LEFT_OUT = {"copy_translations"}
NEVER_WORKS = {"is_transient"}  # it exists, and every call of it is an error of Python

# a parameter and the versions that have it: (method, parameter, first, last)
PARAMETERS = [
    ("create", "vals", 11, 11),
    ("create", "vals_list", 12, None),
    ("search", "args", 11, 15),
    ("search", "domain", 16, None),
    ("search", "count", 11, 16),
    ("search_count", "args", 11, 15),
    ("search_count", "domain", 16, None),
    ("search_count", "limit", 16, None),
    ("name_search", "args", 11, 18),
    ("name_search", "domain", 19, None),
    ("default_get", "fields_list", 11, 18),
    ("default_get", "fields", 19, None),
    ("export_data", "raw_data", 11, 12),
    ("onchange", "field_onchange", 11, 16),
    ("onchange", "fields_spec", 17, None),
    ("web_search_read", "fields", 13, 16),
    ("web_search_read", "count_limit", 16, None),
    ("web_search_read", "specification", 17, None),
    ("web_read_group", "expand", 13, 16),
    ("web_read_group", "lazy", 13, 18),
    ("web_read_group", "aggregates", 19, None),
]


@functools.cache
def database(profile: str) -> Database:
    return seed.build("mock", profile=PROFILES[profile], fixtures=[], clock=Clock())


def private_text(generation: int, name: str) -> str:
    shown = name if generation < 17 else f"'res.partner.{name}'"
    return f"Private methods (such as {shown}) cannot be called remotely."


def unknown_text(generation: int, name: str) -> str:
    if generation == 15:
        return f"The method '{name}' does not exist on the model 'res.partner'"
    if generation < 17:
        return f"type object 'res.partner' has no attribute '{name}'"
    return f"The method 'res.partner.{name}' does not exist"


def called(db: Database, method: str, *args: Any) -> Any:
    """The answer to the administrator's call of a method of partners."""
    uid = db.profile.admin_id
    return execute(db, Call("test", "object", method, list(args), uid=uid, model="res.partner"))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_method_is_there_in_its_versions_and_the_versions_own_error_in_others(profile: Profile, row: Row) -> None:
    generation, db = profile.generation, database(profile.name)
    with_refusal = row.refused is not None and generation >= row.refused
    call = functools.partial(called, db, row.name)
    if with_refusal:
        with pytest.raises(AccessError, match=re.escape(private_text(generation, row.name))):
            call([PARTNER])
    elif profiles.offered(generation, row.since, row.until):
        before = db.snapshot()
        call(*row.args(generation))
        db.restore(before)
    else:
        with pytest.raises(AttributeError, match=re.escape(unknown_text(generation, row.name))):
            call([PARTNER])


def test_a_recordset_reaches_older_clients_as_text() -> None:
    db = database("odoo-15.0")
    text = called(db, "filtered_domain", [1, 3], [["id", "=", 1]])
    assert text == "res.partner(1,)"
    assert str(type(text)) == "<class 'odoo.api.res.partner'>"
    assert called(db, "mapped", [1], "name") == ["YourCompany"]


def test_the_table_speaks_of_every_method_of_every_model() -> None:
    registered = {method.name for owner, method in addons.methods() if owner is None and not method.private}
    assert registered - {row.name for row in TABLE} == NEVER_WORKS
    assert registered & LEFT_OUT == set()


@pytest.mark.parametrize("generation", range(profiles.FIRST, profiles.LAST + 1))
@pytest.mark.parametrize(("method", "parameter", "first", "last"), PARAMETERS)
def test_a_parameter_is_there_in_its_versions(
    generation: int, method: str, parameter: str, first: int, last: int | None
) -> None:
    found = addons.method("a.model", method, generation)
    names = inspect.signature(found.function).parameters if found else ()
    assert (parameter in names) == profiles.offered(generation, first, last)


def test_the_first_value_of_every_rule_is_that_of_the_oldest_generation_and_there_are_several() -> None:
    for rule in RULES:
        starts = list(rule.values)
        assert starts[0] == profiles.FIRST, rule.name
        assert starts == sorted(set(starts)), rule.name
        assert len(starts) > 1 or rule.own, rule.name
        assert set(rule.own) <= set(profiles.PROFILES), rule.name
        assert all(rule.values[one] != rule.values[two] for one, two in itertools.pairwise(starts)), rule.name


def test_every_rule_has_a_name_of_its_own_a_title_and_a_source() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.title and rule.source for rule in RULES)
    assert all(section.title and section.entries for section in SECTIONS)


def test_every_attribute_of_the_rules_is_an_entry_of_the_table() -> None:
    declared = {name for section in SECTIONS for name in vars(section)["__annotations__"]}
    assert declared == {rule.name for rule in RULES}
    for generation in range(profiles.FIRST, profiles.LAST + 1):
        rules = profiles.rules(generation)
        assert vars(rules) == {"generation": generation, **{rule.name: rule.at(generation) for rule in RULES}}


def test_rules_cannot_be_set_since_servers_share_them() -> None:
    with pytest.raises(AttributeError, match="'json2' cannot be set"):
        profiles.rules(17).json2 = True


def unread() -> list[str]:
    """The rules that no module reads; a property of `Profile` may read them too."""
    modules = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] != "profiles" or path == PACKAGE / "profiles" / "__init__.py"
    ]
    source = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    return [rule.name for rule in RULES if not re.search(rf"\.{rule.name}\b(?! import)", source)]


def test_a_difference_that_is_written_down_is_one_that_the_server_shows() -> None:
    assert unread() == []


def test_the_nearest_profile_is_offered_for_an_unknown_one() -> None:
    with pytest.raises(profiles.UnknownProfile, match=re.escape("unknown profile 'odoo-13'; did you mean odoo-13.0")):
        profiles.get("odoo-13")


# what holds a version, by the names that the code gives it
VERSION = re.compile(r"(\w+_)?(generation|since|major|version|version_info|serie|FIRST|LAST|product|package)")
# in packs, where a product is something to sell
VERSION_IN_PACKS = re.compile(r"(\w+_)?(generation|since|major|version|version_info|serie|FIRST|LAST|package)")
# comparisons that have such a name in them and decide nothing by a version of the served product
NO_VERSION = {
    "sys.version_info >= (3, 11)",  # of Python
    "self.request_version == 'HTTP/1.0'",
    "self.version >= (1, 1)",  # of HTTP
    "version >= (2, 0)",
    "known != version",  # of a table in the store
    "version != __version__",  # of this package
    "self.since != profiles.FIRST",  # what a summary of a class need not say
    "package not in names()",  # of add-ons
    "number < generation",  # of a journal among those of the same tables
    "number > generation",
    "head != {'journal': FORMAT, 'generation': generation}",
    "entry.number > since",  # of an entry in the journal
    "rows[0].get('in_date') != since",  # when goods came in
    "row.get('package_id') == place.package",  # of goods
    "(self.since, self.until) != (profiles.FIRST, None)",  # whether a decorator said anything of versions
    # these look for the profile of a live server
    "profile.server_version == version",
    "p.server_version == serie",
    "p.server_version.partition('.')[0] == digits[1]",
    "p.package == package",
}
NAMES_A_PRODUCT = re.compile(r"(odoo|flectra|cloudoffix)(-[\d.]+)?", re.IGNORECASE)


def decisions_by_version(source: str, names: re.Pattern[str] = VERSION) -> list[str]:
    """The comparisons and matches of a module that have a version, a product or a profile's name in them."""
    deciding = (node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Compare, ast.match_case)))
    return [
        ast.unparse(node)
        for node in deciding
        if not _is_identity(node) and any(_is_version(part, names) for part in ast.walk(node))
    ]


def _is_identity(node: ast.AST) -> bool:
    """Whether it only asks whether something is None, or the same thing."""
    return isinstance(node, ast.Compare) and all(isinstance(operator, (ast.Is, ast.IsNot)) for operator in node.ops)


def _is_version(node: ast.AST, names: re.Pattern[str]) -> bool:
    if isinstance(node, (ast.Name, ast.Attribute)):
        return names.fullmatch(node.id if isinstance(node, ast.Name) else node.attr) is not None
    return isinstance(node, ast.Constant) and NAMES_A_PRODUCT.fullmatch(str(node.value)) is not None


def test_no_other_room_compares_versions() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}: {comparison}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in ("profiles", "report")
        for comparison in decisions_by_version(path.read_text(encoding="utf-8"), _names_of_versions(path))
        if comparison not in NO_VERSION
    }
    assert found == set()


def _names_of_versions(path: Path) -> re.Pattern[str]:
    room, pack, *_ = (*path.relative_to(PACKAGE).parts, "")
    return VERSION_IN_PACKS if room == "addons" and pack != "base" else VERSION


@pytest.mark.parametrize(
    "comparison",
    [
        "profile.generation >= 17",
        "16 < rules.generation",
        "method.since <= here",
        "int(major) >= 16",
        "profile.generation in (17, 18)",
        "profile.product == 'flectra'",
        "name == 'odoo-17.0'",
    ],
)
def test_a_comparison_of_versions_is_found(comparison: str) -> None:
    assert decisions_by_version(f"found = [{comparison}]") == [comparison]


# -- a generation to come


@pytest.fixture
def coming(monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    """A profile of a generation after the last one, of which only one rule speaks."""
    profile = profiles.odoo(profiles.LAST + 1)
    (rule,) = (rule for rule in RULES if rule.name == "access_denied")
    monkeypatch.setitem(PROFILES, profile.name, profile)
    monkeypatch.setattr(rule, "values", {**rule.values, profile.generation: "Go away"})
    profiles.rules.cache_clear()
    yield profile
    profiles.rules.cache_clear()


def test_a_generation_to_come_is_as_the_last_one_but_for_its_own_rules(coming: Profile) -> None:
    last = PROFILES[f"odoo-{profiles.LAST}.0"]
    for rule in RULES:
        own, before = getattr(coming.rules, rule.name), getattr(last.rules, rule.name)
        assert (own == before) == (rule.name != "access_denied"), rule.name
    assert coming.session_info_keys(internal=False) == last.session_info_keys(internal=False)
    assert list(public_methods("res.partner", database(coming.name))) == list(
        public_methods("res.partner", database(last.name))
    )
    assert {name: sorted(model.fields) for name, model in database(coming.name).registry.items()} == {
        name: sorted(model.fields) for name, model in database(last.name).registry.items()
    }


def test_a_generation_to_come_is_served(coming: Profile) -> None:
    with MockServer(profile=coming.name) as server:
        with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common") as common:
            version: Any = common.version()
            assert version["server_version"] == coming.server_version
        with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
            credentials = (server.db, 2, "admin")
            made: Any = models.execute_kw(*credentials, "res.partner", "create", [[{"name": "New"}]])
            assert models.execute_kw(*credentials, "res.partner", "web_read", [made, NAME]) == [
                {"id": made[0], "name": "New"}
            ]
            with pytest.raises(xmlrpc.client.Fault, match="Go away"):
                models.execute_kw(server.db, 2, "wrong", "res.partner", "read", [made])
        wire = urllib.request.Request(
            f"{server.url}/json/2/res.partner/search",
            json.dumps({"domain": [["name", "=", "New"]]}).encode(),
            {"Authorization": f"bearer {server.api_key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(wire) as answer:
            assert json.loads(answer.read()) == made
