"""A framework's file is refused where it says what nothing would read."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.knowledge import frameworks, shipped
from callcheck.model.errors import RuleError

TRAP = "framework: bus\ntraps:\n  - {effect: wrong-instance, says: x, on: any, methods: [on], along: [\"&{pattern %s}\"], without: [\"%%a(?:{pattern front})\"]}\n"
FILE = "name: bus\npackages: [bus]\nidioms:\n  - {does: %s, on: any, methods: [on], where: {text: 'on.*late'}}\n"


def test_a_text_is_no_condition_of_what_is_not_judged_by_its_text(tmp_path: Path) -> None:
    path = tmp_path / "bus.yaml"
    path.write_text(FILE % "register", encoding="utf-8")
    with pytest.raises(RuleError, match="`where: text` is read for trap, part, shape, bind alone, and would be passed over for register"):
        frameworks.read(path)


@pytest.mark.parametrize("does", ["trap", "part"])
def test_it_is_one_of_what_is(tmp_path: Path, does: str) -> None:
    path = tmp_path / "bus.yaml"
    path.write_text(FILE % does, encoding="utf-8")
    assert [idiom.where for idiom in frameworks.read(path).idioms] == [{"text": "on.*late"}]


def test_a_pattern_that_several_traps_ask_for_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "frameworks").mkdir()
    (tmp_path / "traps").mkdir()
    (tmp_path / "frameworks" / "bus.yaml").write_text("name: bus\npackages: [bus]\n", encoding="utf-8")
    (tmp_path / "patterns.yaml").write_text("front: 'nginx|caddy'\n", encoding="utf-8")
    trap = tmp_path / "traps" / "bus.yaml"
    trap.write_text(TRAP % "front", encoding="utf-8")
    (bus,) = frameworks.load([tmp_path])
    assert [(idiom.along, idiom.without) for idiom in bus.idioms] == [(("&nginx|caddy",), ("%a(?:nginx|caddy)",))]
    trap.write_text(TRAP % "back", encoding="utf-8")
    with pytest.raises(RuleError, match="no pattern is called back"):
        frameworks.load([tmp_path])


@pytest.mark.parametrize(
    ("folder", "text"),
    [
        ("frameworks", "name: bus\nplaces:\n  - {files: [Procfile], text: '^(web)', effect: callback-rejected, strength: weak, says: x}\n"),
        ("traps", "framework: blinker\ntraps:\n  - {calls: [bus.on], effect: callback-rejected, strength: weak, says: x}\n"),
    ],
)
def test_how_sure_a_trap_is_is_one_of_the_known_words(tmp_path: Path, folder: str, text: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "bus.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match="its strength is one of fair, strong, if-many, hint"):
        frameworks.load([shipped(), tmp_path])
