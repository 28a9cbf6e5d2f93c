"""What is not looked at is counted, and said where a person would not expect it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from callcheck import pipeline
from callcheck.model.left_out import LeftOut
from callcheck.model.target import Target
from callcheck.report import json_v1, terminal
from callcheck.sources.code import choice
from callcheck.sources.code import users as asked_for

BUS = 'import { EventEmitter } from "node:events";\nexport const bus = new EventEmitter();\nexport function onDone(fn) { bus.on("done", fn); }\n'
USER = 'import { onDone } from "./bus.js";\nexport const f = () => onDone(() => {});\n'


def diagnosed(base: Path, files: dict[str, str]) -> dict[str, LeftOut]:
    """What is left out of a folder with these files, by reason; both reports of it are in order."""
    for name, text in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(text)
    done = pipeline.diagnose(Target(base, folders=(base,)))
    document = json.loads(json_v1.render(done.report, done.eyes.lines))
    jsonschema.validate(document, json.loads(json_v1.schema()), cls=jsonschema.Draft202012Validator)
    assert [(each["reason"], each["files"], each["names"]) for each in document["left_out"]] == [
        (each.reason, each.files, list(each.names)) for each in done.report.left_out
    ]
    text = " ".join(terminal.render(done.report, done.eyes.lines).split())
    for each in done.report.left_out:
        assert (f"{each.why}: " in text) is not each.expected
    return {each.reason: each for each in done.report.left_out}


def test_a_small_project_has_nothing_said_of_it_that_all_expect(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, {"a.ts": BUS, "node_modules/x/index.js": BUS, ".venv/pyvenv.cfg": "", ".git/config": "", ".next/b.js": BUS})
    assert list(found) == ["installed"]
    assert (found["installed"].folders, found["installed"].names, found["installed"].expected) == (2, (".venv/", "node_modules/"), True)


def test_nothing_is_said_where_nothing_is_left_out(tmp_path: Path) -> None:
    assert diagnosed(tmp_path, {"a.ts": BUS, ".gitignore": "dist/\n"}) == {}


def test_folders_come_first_and_a_few_names_do(tmp_path: Path) -> None:
    files = {".gitignore": "tmp/\n*.gen.ts\n", "a.ts": BUS, "tmp/x.ts": BUS, **{f"{n}.gen.ts": BUS for n in range(8)}}
    found = diagnosed(tmp_path, {**files, "package.json": "{}", "dist/a.js": BUS, "vendor/b.js": BUS})
    assert found["ignored"] == LeftOut("ignored", "ignored by git", 8, 1, names=("tmp/", "0.gen.ts", "1.gen.ts", "2.gen.ts", "3.gen.ts"))
    assert (found["built"].names, found["vendored"].names, list(found)) == (("dist/",), ("vendor/",), ["ignored", "vendored", "built"])


@pytest.mark.parametrize("files", [{"package.json": "{}", "dist/a.js": BUS}, {".gitignore": "lib\n", "lib/a.js": BUS}, {".gitignore": "*.js\n", "a.js": BUS}])
def test_where_only_what_is_left_out_is_source_that_is_said(tmp_path: Path, files: dict[str, str]) -> None:
    (found,) = diagnosed(tmp_path, files).values()
    assert found.why.endswith("there is no other source here: name it to have it read")


def test_what_a_small_tree_cannot_read_is_counted_though_it_is_told_already(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, {"a.ts": BUS, "c.js": "var a = 1;" * 1000, "d.ts": "GA\0"})
    assert {reason: (each.names, each.expected) for reason, each in found.items()} == {
        "machine": (("c.js",), True), "binary": (("d.ts",), True),
    }  # fmt: skip


def test_what_a_big_tree_leaves_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SMALL_BYTES", -1)
    monkeypatch.setattr(asked_for, "MOST_ASKED", 3)
    users = {f"src/user{n}.js": USER for n in range(5)}
    files = {"src/bus.js": BUS, "b.js": "x" * 1_000_001, "c.js": "var a = 1;" * 1000, "d.ts": "GA\0", "src/a.test.js": BUS, "tests/b.js": BUS}
    found = diagnosed(tmp_path, {**files, **users})
    assert {reason: each.names for reason, each in found.items()} == {
        "machine": ("c.js",), "large": ("b.js",), "binary": ("d.ts",), "tests": ("src/a.test.js", "tests/b.js"), "callers": ("onDone (src/bus.js:3)",),
    }  # fmt: skip
    assert (found["tests"].files, found["callers"].files, found["callers"].functions) == (2, 0, 1)


def test_what_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcheck.sources.walk.MOST_FILES", 2)
    found = diagnosed(tmp_path, {"a/1.py": "", "b/2.py": "", "c/3.py": ""})
    assert found["unlisted"].names == (f"{tmp_path}: only the first 2 files were listed",)


def test_a_name_can_do_no_harm(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, {"a.ts": BUS, "vendor\x1b[2J/node_modules/x.js": BUS, "x\x1b]0;pwn\x07/vendor/a.go": ""})
    assert all(name.isprintable() for each in found.values() for name in each.names)
