"""What bundled model classes say is known before they are imported, and it is what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver import addons
from mockserver.addons import summaries
from mockserver.orm.schema.summary import Summary


@pytest.mark.parametrize("name", addons.names())
def test_the_files_say_what_the_classes_say(name: str) -> None:
    kept = (summaries.folder() / f"{name}.json").read_text("utf-8")

    assert kept == summaries.written(name), "what classes of add-ons say has changed: run `make docs`"


def test_a_summary_is_the_same_after_it_was_written_and_read() -> None:
    for name in addons.names():
        for cls in addons.classes(name):
            said = summaries.of_class(cls)
            again = Summary.read(said.module, said.name, json.loads(json.dumps(said.written())))

            assert {k: v for k, v in vars(again).items() if k != "cls"} == {
                k: v for k, v in vars(said).items() if k != "cls"
            }
            # a test that runs pytest in this process may have made it import the module once more
            assert (again.cls.__module__, again.cls.__qualname__) == (cls.__module__, cls.__qualname__)


def test_a_server_imports_no_classes_of_models_that_nothing_uses() -> None:
    program = (
        "import sys; from mockserver import MockServer; server = MockServer(fixtures=['crm'])\n"
        "from mockserver import addons\n"
        "names = {said.module for said in addons.definitions('crm')}\n"
        "print(sorted(names - sys.modules.keys()))\n"
        "server.env['crm.lead'].create({'name': 'Desks'})\n"
        "print(sorted(names - sys.modules.keys()))\n"
    )
    before, after = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert "mockserver.addons.crm.crm_lead" in before
    assert "mockserver.addons.crm.crm_lead" not in after


def test_a_module_that_has_changed_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = json.loads((summaries.folder() / "uom.json").read_bytes())
    kept["uom.uom_uom"]["checksum"] += 1
    kept["uom.uom_uom"]["classes"]["UoM"]["functions"] = ["_compute_nothing"]
    (tmp_path / "uom.json").write_text(json.dumps(kept))
    monkeypatch.setattr(summaries, "folder", lambda: tmp_path)

    assert "_compute_factor" in next(summaries.of_add_on("uom")).functions


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_without_such_a_file_the_modules_are_imported(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uom.json").write_text(text)
    monkeypatch.setattr(summaries, "folder", lambda: tmp_path)

    assert [said.name for said in summaries.of_add_on("uom")] == ["UoM"]
