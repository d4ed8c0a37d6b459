"""The profiles as text: the list, the difference of two, and the page of the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockserver import cli
from mockserver.profiles import PROFILES, get
from mockserver.profiles.rules import SECTIONS
from mockserver.report import profiles as profile_report

PAGE = Path(__file__).parent.parent / "docs" / "profiles.md"


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.main, ["profiles", *args])


def difference(one: str, other: str) -> list[str]:
    return profile_report.difference(get(one), get(other)).splitlines()


def test_the_list_has_an_aligned_line_for_each_profile() -> None:
    lines = run().output.splitlines()
    assert lines[0].split() == ["profile", "product", "version", "rules", "of", "known", "from"]
    assert [line.split()[0] for line in lines[1:]] == list(PROFILES)
    assert len({line.rindex("Odoo ", 20, 50) for line in lines[1:]}) == 1
    assert next(line for line in lines if "the default" in line).startswith("odoo-17.0 ")
    assert lines[-1].split()[:5] == ["cloudoffix-11.0", "CloudOffix", "11.0", "Odoo", "11.0"]


@pytest.mark.parametrize("one", PROFILES)
@pytest.mark.parametrize("other", ["odoo-11.0", "odoo-17.0", "odoo-19.0"])
def test_every_difference_fits_a_terminal(one: str, other: str) -> None:
    assert [line for line in difference(one, other) if len(line) > profile_report.WIDTH] == []


def test_a_difference_names_what_comes_what_goes_and_what_changes() -> None:
    lines = difference("odoo-13.0", "odoo-18.0")
    assert lines[0] == "odoo-13.0 → odoo-18.0"
    for line in ("  - name_get(ids)", "  + web_read(ids, specification)", "  ~ search", "Methods", "On the wire"):
        assert line in lines
    after = lines[lines.index("  the field __last_update [versions.md §7.1]") + 1]
    assert after == "      yes → no"


def test_a_method_that_is_refused_from_a_version_on_is_told() -> None:
    assert "  - exists(ids) is refused" in difference("odoo-18.0", "odoo-19.0")
    assert "  + exists(ids)" in difference("odoo-19.0", "odoo-18.0")


def test_a_call_to_replace_is_told_on_the_way_up_only() -> None:
    up = "\n".join(difference("odoo-16.0", "odoo-18.0"))
    assert "  name_get: removed in 18.0 (deprecated since 17.0)\n      use read(ids, ['display_name'])" in up
    assert "Calls to replace" not in difference("odoo-18.0", "odoo-16.0")


def test_two_products_of_one_generation_differ_in_their_own_things_only() -> None:
    lines = difference("odoo-11.0", "flectra-1.6")
    own = [section.title for section in SECTIONS if any("flectra-1.6" in rule.own for rule in section.entries)]
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert heads == ["odoo-11.0 → flectra-1.6", "The server", *own]
    assert "      'Odoo' → 'Flectra'" in lines


def test_a_profile_does_not_differ_from_itself() -> None:
    assert difference("odoo-17.0", "odoo-17.0") == ["odoo-17.0 → odoo-17.0: nothing changes for a client"]


def test_the_command_prints_the_difference() -> None:
    done = run("diff", "odoo-15.0", "odoo-16.0")
    assert done.exit_code == 0
    assert done.output.splitlines() == difference("odoo-15.0", "odoo-16.0")


def test_an_unknown_profile_is_one_line_and_exit_code_2() -> None:
    done = run("diff", "odoo-13.0", "odoo-8.0")
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("mockserver: unknown profile 'odoo-8.0'; did you mean odoo-18.0")


def test_the_page_of_the_documentation_is_what_the_data_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == profile_report.markdown(), "run `make docs`"
