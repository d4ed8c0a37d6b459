"""The files of tables: a base and journals, damaged, interrupted and locked."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tinydb import TinyDB

from mockserver.durable import DataFolderError, files, journal
from mockserver.durable.files import StateFiles, Tables, base_of, free_stem, journals_of, read, stem_of
from mockserver.durable.journal import Journal
from mockserver.durable.lock import FolderLock


def quiet(text: str) -> None:
    raise AssertionError(text)


def create(folder: Path, rows: dict[int, Any], name: str = "mock") -> StateFiles:
    return StateFiles.create(folder, name, [("item", list(rows.items()))], sync=True, tell=quiet)


def tables(folder: Path, name: str = "mock") -> Tables:
    return read(folder, name).tables


# -- names


@given(st.text(max_size=70), st.text(max_size=70))
def test_every_name_has_a_file_of_its_own_in_the_folder(one: str, other: str) -> None:
    assert Path(stem_of(one) + ".json").name == stem_of(one) + ".json"
    assert stem_of(one).lower() == stem_of(one)
    assert (stem_of(one) == stem_of(other)) == (one == other)


@pytest.mark.parametrize("name", ["con", "NUL", "com1.x", ".", "..", "../up", "a/b", "a\\b", "c:d"])
def test_no_name_is_a_device_or_leads_elsewhere(name: str) -> None:
    stem = stem_of(name)
    assert not {"/", "\\", ":"} & {*stem}
    assert stem[:1] != "."
    assert stem.partition(".")[0] not in files._DEVICES


def test_capitals_are_other_files_than_small_letters() -> None:
    assert [stem_of(name) for name in ("Acme", "acme", "a.b-c_1")] == ["%41cme", "acme", "a.b-c_1"]


def test_files_that_are_there_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mock.json").write_text("mine")
    (tmp_path / "mock~2.1.journal").write_text("mine too")
    assert free_stem(tmp_path, "mock") == "mock~3"


# -- what is kept


def test_changes_are_read_again_in_order(tmp_path: Path) -> None:
    kept = create(tmp_path, {1: {"name": "one"}, 2: {"name": "two"}})
    kept.append({"item": {1: {"name": "changed"}, 2: None}})()
    kept.append({"item": {3: {"name": "Grüße \ud800"}}, "other": {1: {}}})()
    assert tables(tmp_path) == {"item": {1: {"name": "changed"}, 3: {"name": "Grüße \ud800"}}, "other": {1: {}}}
    assert read(tmp_path, "mock").changes == 2
    kept.close()


def test_a_journal_is_gone_on_with(tmp_path: Path) -> None:
    create(tmp_path, {1: {"n": 0}}).close()
    for number in range(1, 4):
        kept = StateFiles(tmp_path, "mock", read(tmp_path, "mock"), sync=True, tell=quiet)
        kept.append({"item": {1: {"n": number}}})()
        kept.close()
    found = read(tmp_path, "mock")
    assert (found.tables["item"][1]["n"], found.changes, found.damage) == (3, 3, [])


def test_the_file_is_one_of_tinydb(tmp_path: Path) -> None:
    create(tmp_path, {1: {"name": "one"}, 20: {"name": "twenty"}}).close()
    with TinyDB(tmp_path / "mock.json") as db:
        assert {document.doc_id: document["name"] for document in db.table("item")} == {1: "one", 20: "twenty"}
        db.table("item").update({"name": "uno"}, doc_ids=[1])
    assert tables(tmp_path)["item"] == {1: {"name": "uno"}, 20: {"name": "twenty"}}


def test_compacting_leaves_one_file_and_an_empty_journal(tmp_path: Path) -> None:
    kept = create(tmp_path, {1: {"n": 0}})
    for number in range(1, 10):
        kept.append({"item": {1: {"n": number}}})()
    kept.compact([("item", [(1, {"n": 9})])])
    kept.append({"item": {2: {"n": 10}}})()
    kept.close()
    assert list(journals_of(tmp_path, "mock")) == [2]
    assert json.loads((tmp_path / "mock.json").read_text())["item"] == {"1": {"n": 9}}
    assert (tables(tmp_path)["item"], read(tmp_path, "mock").changes) == ({1: {"n": 9}, 2: {"n": 10}}, 1)


def test_a_long_journal_is_due_and_a_short_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LEAST", 1000)
    kept = create(tmp_path, {n: {"name": "x" * 100} for n in range(100)})  # a base that is longer than the least
    kept.append({"item": {1: {"name": "y" * 2000}}})()
    assert not kept.due
    kept.append({"item": {1: {"name": "y" * 12_000}}})()
    assert kept.due
    kept.close()


@pytest.mark.parametrize("stage", ["journal", "base", "clean"])
def test_compacting_that_is_interrupted_loses_nothing(tmp_path: Path, stage: str) -> None:
    """After each of its steps the files are complete: the new journal, the new base, the old journal gone."""
    kept = create(tmp_path, {1: {"n": 0}})
    kept.append({"item": {1: {"n": 1}}})()
    Journal(tmp_path / "mock.2.journal", 2, sync=True).append({"item": {2: {"n": 2}}})
    if stage != "journal":
        files.write_base(base_of(tmp_path, "mock"), [("item", [(1, {"n": 1})])], 2)
    if stage == "clean":
        (tmp_path / "mock.1.journal").unlink()
    assert tables(tmp_path)["item"] == {1: {"n": 1}, 2: {"n": 2}}
    assert (1 in journals_of(tmp_path, "mock")) == (stage == "journal")
    kept.close()


# -- damage


def damaged(folder: Path, change: Callable[[bytes], bytes]) -> files.Found:
    kept = create(folder, {1: {"n": 0}})
    for number in range(1, 6):
        kept.append({"item": {1: {"n": number}}})()
    kept.close()
    path = folder / "mock.1.journal"
    path.write_bytes(change(path.read_bytes()))
    return read(folder, "mock")


@pytest.mark.parametrize("cut", range(1, 40, 6))
def test_a_torn_end_is_cut_and_kept_aside(tmp_path: Path, cut: int) -> None:
    found = damaged(tmp_path, lambda data: data[:-cut])
    (damage,) = found.damage
    assert (found.tables["item"][1], damage.lines) == ({"n": 4}, 0)
    assert damage.kept.stat().st_size == damage.size > 0
    again = read(tmp_path, "mock")
    assert (again.tables, again.damage) == (found.tables, [])


def test_a_changed_byte_ends_what_is_believed_and_what_follows_is_counted(tmp_path: Path) -> None:
    found = damaged(tmp_path, lambda data: data.replace(b'"n":3}', b'"n":8}'))
    (damage,) = found.damage
    assert (found.tables["item"][1], damage.lines) == ({"n": 2}, 2)
    assert "2 whole writes after the damage" in str(damage)
    assert damage.kept.read_bytes().count(b"\n") == 3


def test_a_missing_line_ends_what_is_believed(tmp_path: Path) -> None:
    found = damaged(tmp_path, lambda data: b"".join(data.splitlines(keepends=True)[:2] + data.splitlines(True)[3:]))
    assert (found.tables["item"][1], found.damage[0].lines) == ({"n": 1}, 3)


def test_after_a_cut_the_journal_goes_on(tmp_path: Path) -> None:
    damaged(tmp_path, lambda data: data[:-3])
    kept = StateFiles(tmp_path, "mock", read(tmp_path, "mock"), sync=True, tell=quiet)
    kept.append({"item": {1: {"n": "after"}}})()
    kept.close()
    assert (tables(tmp_path)["item"][1], read(tmp_path, "mock").damage) == ({"n": "after"}, [])


def test_a_journal_without_its_head_is_set_aside_whole_and_so_is_the_next(tmp_path: Path) -> None:
    def spoil(data: bytes) -> bytes:
        Journal(tmp_path / "mock.2.journal", 2, sync=True).append({"item": {2: {"n": 2}}})
        return b"?" + data[1:]

    found = damaged(tmp_path, spoil)
    assert [(damage.kept.name, damage.lines) for damage in found.damage] == [
        ("mock.1.journal.cut-1", 5), ("mock.2.journal.cut-1", 1),
    ]  # fmt: skip
    assert found.tables["item"] == {1: {"n": 0}}
    kept = StateFiles(tmp_path, "mock", read(tmp_path, "mock"), sync=True, tell=quiet)
    kept.append({"item": {1: {"n": 7}}})()
    kept.close()
    assert tables(tmp_path)["item"] == {1: {"n": 7}}


def test_an_empty_journal_is_one_that_was_just_begun(tmp_path: Path) -> None:
    assert damaged(tmp_path, lambda data: b"").damage == []


@given(st.binary(max_size=200), st.integers(0, 200))
def test_no_bytes_are_taken_for_a_change(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    path = tmp_path_factory.mktemp("noise") / "j"
    lines = [journal.line_of({"journal": 1, "generation": 1}), *(journal.line_of({"n": n, "rows": {}}) for n in (1, 2))]
    data = b"".join(lines)
    path.write_bytes(data[:at] + noise)
    found = journal.read(path, 1)
    assert len(found.changes) <= 2
    assert found.size + found.damaged == path.stat().st_size
    assert data.startswith(path.read_bytes()[: found.size])


def test_a_missing_journal_is_told_by_name(tmp_path: Path) -> None:
    create(tmp_path, {}).close()
    Journal(tmp_path / "mock.3.journal", 3, sync=True).close()
    with pytest.raises(DataFolderError, match=r"mock\.2\.journal is missing"):
        read(tmp_path, "mock")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", '{"_mockserver": {}}', '{"_mockserver": {"1": {"format": 9}}}', "[" * 100_000,
     '{"_mockserver": {"1": {"format": 1, "generation": 1}}, "item": {"x": {}}}',
     '{"_mockserver": {"1": {"format": 1, "generation": 1}}, "item": []}'],
)  # fmt: skip
def test_a_base_that_cannot_be_read_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "mock.json").write_text(text)
    with pytest.raises(DataFolderError, match=r"mock\.json"):
        read(tmp_path, "mock")
    assert (tmp_path / "mock.json").read_text() == text


# -- the disk


def full(*args: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def half(file: int, data: Any) -> int:
    """Write a part, as a disk does that becomes full."""
    if len(data) < 4:
        return full()
    return _write(file, data[: len(data) // 2])


_write = os.write


def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = create(tmp_path, {1: {"n": 0}})
    kept.append({"item": {1: {"n": 1}}})()
    before = (tmp_path / "mock.1.journal").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half)
        with pytest.raises(OSError, match="No space left"):
            kept.append({"item": {1: {"n": 2}}})
    assert (tmp_path / "mock.1.journal").read_bytes() == before
    kept.append({"item": {1: {"n": 3}}})()
    kept.close()
    assert (tables(tmp_path)["item"], read(tmp_path, "mock").damage) == ({1: {"n": 3}}, [])


def test_after_a_disk_that_does_not_confirm_nothing_more_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = create(tmp_path, {1: {"n": 0}})
    wait = kept.append({"item": {1: {"n": 1}}})
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_sync_data", full)
        with pytest.raises(OSError, match="No space left"):
            wait()
    with pytest.raises(OSError, match="No space left"):
        kept.append({"item": {1: {"n": 2}}})


def test_what_cannot_be_compacted_is_told_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    kept = StateFiles.create(tmp_path, "mock", [("item", [(1, {"n": 0})])], sync=True, tell=told.append)
    kept.append({"item": {1: {"n": 1}}})()
    monkeypatch.setattr(files, "write_base", full)
    kept.compact([("item", [(1, {"n": 1})])])
    kept.append({"item": {2: {"n": 2}}})()
    kept.close()
    assert told == ["mock.json is not compacted: No space left on device"]
    assert tables(tmp_path)["item"] == {1: {"n": 1}, 2: {"n": 2}}


def test_threads_share_one_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = create(tmp_path, {})
    entered, go, syncs = threading.Event(), threading.Event(), []

    def slow(file: int) -> None:
        syncs.append(file)
        entered.set()
        assert go.wait(60)

    monkeypatch.setattr(journal, "_sync_data", slow)
    first = threading.Thread(target=kept.append({"item": {0: {}}}))
    first.start()
    assert entered.wait(60)
    others = [threading.Thread(target=kept.append({"item": {n: {}}})) for n in range(1, 9)]
    for thread in others:
        thread.start()
    go.set()
    for thread in (first, *others):
        thread.join()
    assert len(syncs) == 2  # one for the first, one for all that came meanwhile
    assert sorted(tables(tmp_path)["item"]) == list(range(9))
    kept.close()


class Late:
    """The lock of a journal that is compacted while a thread waits for it."""

    def __init__(self, waited: Journal) -> None:
        self._waited = waited

    def __enter__(self) -> None:
        self._waited._synced, self._waited.failed = self._waited.size, OSError("it is closed")

    def __exit__(self, *error: object) -> None:
        pass


def test_a_line_that_is_on_the_disk_is_so_although_its_journal_was_closed_meanwhile(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "mock.1.journal", 1, sync=True)
    position = kept.append({"item": {1: {}}})
    kept._syncing = Late(kept)  # type: ignore[assignment]
    kept.wait(position)
    with pytest.raises(OSError, match="it is closed"):
        kept.wait(position + 1)
    os.close(kept._file)


def test_without_sync_nothing_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = StateFiles.create(tmp_path, "mock", [], sync=False, tell=quiet)
    monkeypatch.setattr(journal, "_sync_data", full)
    kept.append({"item": {1: {"n": 1}}})()
    assert tables(tmp_path)["item"] == {1: {"n": 1}}
    kept.close()


# -- the lock


def test_a_folder_is_locked_once(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    with pytest.raises(DataFolderError, match=rf"is in use by process {os.getpid()}, which holds .*lock$"):
        FolderLock(tmp_path)
    lock.release()
    FolderLock(tmp_path).release()
