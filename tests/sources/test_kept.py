"""Is what was worked out before used again, and only while it is true?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from callcheck.model.packed import Packed
from callcheck.sources.kept import kept


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CALLCHECK_NO_CACHE", raising=False)
    folder = tmp_path / "rules"
    (folder / "causes" / "v1.2").mkdir(parents=True)
    (folder / "causes" / "v1.2" / "a.yaml").write_text("a: 1")
    return folder


class Maker:
    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> int:
        self.made += 1
        return self.made


def test_a_second_run_takes_what_the_first_made(rules: Path) -> None:
    make = Maker()
    assert [kept("rules", [rules], make), kept("rules", [rules], make), make.made] == [1, 1, 1]


def test_it_is_made_again_when_a_file_changes_comes_or_goes(rules: Path) -> None:
    make = Maker()
    file = rules / "causes" / "v1.2" / "a.yaml"
    kept("rules", [rules], make)
    file.write_text("a: 22")
    assert kept("rules", [rules], make) == 2
    os.utime(file, ns=(5, 5))
    assert kept("rules", [rules], make) == 3
    (rules / "b.yml").write_text("")
    assert kept("rules", [rules], make) == 4
    file.unlink()
    assert kept("rules", [rules], make) == 5


def test_other_folders_do_not_push_it_out(rules: Path, tmp_path: Path) -> None:
    make = Maker()
    assert [kept("rules", each, make) for each in ([rules], [rules, tmp_path], [rules], [rules, tmp_path])] == [1, 2, 1, 2]


@pytest.mark.parametrize("content", [b"", b"\x80", b"no pickle", b"\x80\x05N."])
def test_a_broken_cache_costs_nothing_but_time(rules: Path, tmp_path: Path, content: bytes) -> None:
    kept("rules", [rules], lambda: 1)
    (held,) = (tmp_path / "cache" / "callcheck").iterdir()
    held.write_bytes(content)
    assert kept("rules", [rules], lambda: 2) == 2
    assert kept("rules", [rules], lambda: 3) == 2


def test_without_a_place_to_keep_it_it_is_made(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    assert [kept("rules", [rules], lambda: 1), kept("rules", [rules], lambda: 2)] == [1, 2]
    monkeypatch.setenv("CALLCHECK_NO_CACHE", "1")
    assert kept("rules", [rules], lambda: 3) == 3


def test_a_folder_that_is_gone_holds_nothing(tmp_path: Path, rules: Path) -> None:
    assert kept("rules", [tmp_path / "gone"], lambda: 1) == 1


def test_what_is_packed_is_not_read_before_it_is_asked_for(rules: Path, tmp_path: Path) -> None:
    things = ["one", "two" * 1000]
    kept("rules", [rules], lambda: ["all of", Packed(things)])
    (held,) = (tmp_path / "cache" / "callcheck").iterdir()
    said, packed = kept("rules", [rules], lambda: ["made", Packed([])])
    assert (said, [packed.at(number) for number in range(len(packed))]) == ("all of", things)
    held.write_bytes(held.read_bytes()[:-1])
    assert kept("rules", [rules], lambda: ["again", Packed(things)])[0] == "again"
    assert packed.at(1) == things[1]


def test_a_process_that_asks_again_is_given_the_very_same(rules: Path, tmp_path: Path) -> None:
    first = kept("rules", [rules], lambda: [1])
    assert kept("rules", [rules], lambda: [2]) is first
    (held,) = (tmp_path / "cache" / "callcheck").iterdir()
    held.unlink()
    assert kept("rules", [rules], lambda: [3]) == [3]
