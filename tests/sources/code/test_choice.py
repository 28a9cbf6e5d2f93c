"""On a big tree only some files are parsed, and nothing that a probe would have used is lost by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from callcheck import pipeline
from callcheck.model.knowledge import Knowledge
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import choice, raw
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.shown import Shown
from callcheck.sources.code.texts import Texts
from callcheck.sources.code.tree import Function
from callcheck.sources.files import File

ROOT = Path(__file__).parents[3]

def test_a_file_without_any_sign_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SMALL_BYTES", -1)
    (tmp_path / "sums.py").write_text("def add(a, b):\n    return a + b\n")
    (tmp_path / "bus.js").write_text("import mitt from 'mitt';\nexport const bus = mitt();\n")
    (tmp_path / "main.js").write_text("import { bus } from './bus.js';\nbus.on('done', () => {});\n")
    run = pipeline.diagnose(Target(folders=(tmp_path,), base=tmp_path))
    assert list(run.eyes.code.project.chosen) == ["main.js"]
    assert sorted(run.eyes.code.project.read) == ["bus.js", "main.js"]
    assert "modules" not in vars(run.eyes.code.project), "somebody asked for all modules: use `chosen`, `calls` or `naming`"
    assert [e.fact.kind for e in run.report.ledger.evidence if e.probe == "listeners"] == ["listener.registered"]


@pytest.mark.parametrize("path", sorted((ROOT / "callcheck" / "probes").glob("*.py")), ids=lambda p: p.stem)
def test_no_probe_has_every_file_parsed(path: Path) -> None:
    asks = re.search(r"project\.(?:modules|all\()", path.read_text())
    assert not asks, "ask for `project.chosen` (and declare `signs`, see callcheck/model/signs.py), `calls` or `naming`"


@pytest.mark.parametrize(
    ("text", "python", "found"),
    [
        (b"import a.b as c, d\nfrom . import x\nfrom ..y import (p,\n  q as r)\n", True, {"a.b", "d", ".", ".x", "..y", "..y.p", "..y.q"}),
        (b"import a from 'a'; import './b';\nexport * from \"./c\"\nconst d = require('d'), e = import(`./e`)", False, {"a", "./b", "./c", "d", "./e"}),
    ],
)
def test_imports_are_read_off_the_raw_text(text: bytes, python: bool, found: set[str]) -> None:
    assert found <= set(raw.imports(text, python))


@pytest.mark.parametrize(
    ("text", "python", "found"),
    [
        (b"async def a():\n  pass\ndef b():\n    def c():\n        yield\n    return c\ndef d():\n    pass\n", True, {b"a", b"b", b"c"}),
        (b"async function a() {}\nconst b = async () => 1;\nclass K { async c() {}\n *d() { yield } }\nfunction* e() { yield }\nx = { f: async () => 1 }", False,
         {b"a", b"b", b"c", b"d", b"e", b"f"}),
    ],
)  # fmt: skip
def test_deferred_functions_are_read_off_the_raw_text(text: bytes, python: bool, found: set[bytes]) -> None:
    assert found <= raw.deferred(text, python)
    assert b"d" not in raw.deferred(text, python) or not python


@pytest.mark.parametrize(
    ("text", "python", "name"),
    [
        (b"work()", True, b"work"),
        (b"if x:\n\tself.a.work(1)\n", True, b"work"),
        (b"() => { work() }", False, b"work"),
        (b"if (a) work();", False, b"work"),
        (b"void this.a[0].work();", False, b"work"),
        (b"a?.work?.(1)", False, b"work"),
        (b"else work<T>(1)", False, b"work"),
    ],
)
def test_calls_that_are_statements_are_read_off_the_raw_text(text: bytes, python: bool, name: bytes) -> None:
    assert name in {each.removeprefix(b".") for each in raw.statements(text, python)}


def test_a_plain_name_that_is_called_is_told_from_a_method() -> None:
    assert raw.statements(b"work()\nself.rest()\n", True) == {b"work", b".rest"}


def test_a_class_whose_definition_is_a_use_brings_only_the_files_that_show_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SMALL_BYTES", -1)
    (tmp_path / "worker.py").write_text("import arq\ndef up(ctx): ...\nclass WorkerSettings:\n    functions = []\n    on_startup = up\n")
    (tmp_path / "hooks.py").write_text("class WorkerSettingsOfTests:\n    def after_job_end(self): ...\n")
    (tmp_path / "others.py").write_text("class Hooks:\n    def after_job_end(self): ...\n")
    (tmp_path / "sums.py").write_text("class Sums:\n    total = 0  # after_job_end\n")
    project = pipeline.diagnose(Target(folders=(tmp_path,), base=tmp_path)).eyes.code.project
    assert list(project.chosen) == ["hooks.py", "worker.py"]


def test_a_call_counts_only_where_what_is_called_can_be_in_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SMALL_BYTES", -1)
    (tmp_path / "bus.js").write_text("import mitt from 'mitt';\nconst bus = mitt();\nexport class Bus { send(name) { bus.emit(name); } }\n")
    (tmp_path / "near.js").write_text("import { Bus } from './bus.js';\nexport function near(x) { new Bus().send('near'); bus.on(1); }\n")
    (tmp_path / "far.js").write_text("import mitt from 'mitt';\nmitt().on('x', () => {});\nexport function far(x) { x.send('far'); }\n")
    project = pipeline.diagnose(Target(folders=(tmp_path,), base=tmp_path)).eyes.code.project
    send = next(each for each in project.module("bus.js").all(Function) if each.name == "send")
    assert [module_of(call).path for call in project.users.calls(send, ["send"])] == ["near.js"]
    assert "far.js" in project.read


@pytest.mark.parametrize(
    ("text", "python", "may"),
    [
        (b"f(1)", True, True),
        (b"x = (f\n  )(1)", True, True),
        (b"f (1)", True, True),
        (b"from a import f\ndef g(x: f) -> f: ...", True, False),
        (b"ff(1); f.g(2); _f(3)", True, False),
        (b"f?.(1)", False, True),
        (b"f<Map<string, T>>(1)", False, True),
        (b"f!(1)", False, True),
        (b"new a.f;", False, True),
        (b"<f x={1} />", False, True),
        (b"<a.f>", False, True),
        (b"f`x`", False, True),
        (b"import { f } from './a';\nconst x: f = f.y(); const $f = ff(1)", False, False),
    ],
)
def test_a_call_by_a_name_is_told_from_its_import(text: bytes, python: bool, may: bool) -> None:
    assert raw.calls(text, b"f", python) is may


def _texts(folder: Path, files: dict[str, str]) -> Texts:
    for name, text in files.items():
        (folder / name).write_text(text)
    return Texts({name: File(folder / name, name, len(text)) for name, text in files.items()}, lambda importer, name: None)


def test_every_part_of_a_sign_must_hold(tmp_path: Path) -> None:
    files = {"x.py": "b(c)", "y.py": "b(c)", "dx.py": "b(d)", "ex.py": "b (c)", "fx.py": "b(d)c", "gx.py": "bb(c)"}
    shown = Shown(_texts(tmp_path, files))
    assert shown.by(Sign(words=("a", "b"), also=("c",), pattern=r"b\(", beside="c", path=r"x\.py$")) == {"x.py", "fx.py"}
    assert shown.by(Sign(words=("a", "b")), {"x.py", "gx.py", "elsewhere.py"}) == {"x.py"}


def test_a_word_is_found_wherever_it_stands_by_itself(tmp_path: Path) -> None:
    files = {"a.js": "x.on('größe', f)", "b.js": "x.$on(1)", "c.js": "// “on” \nx.once()", "d.js": "go('on-done')"}
    words = _texts(tmp_path, files).words
    assert words.having("on") == {"a.js", "c.js", "d.js"}
    assert words.having("$on") == {"b.js"}
    assert words.having("größe") == {"a.js"}
    assert words.having("on-done") == {"d.js"}
    assert words.having_one(("once", "go", "nowhere")) == {"c.js", "d.js"}
    assert words.beginning("onc") == {"c.js"}


def test_tests_and_what_a_machine_wrote_are_left_out(tmp_path: Path) -> None:
    texts = _texts(tmp_path, {"a.js": "x", "a.test.js": "x", "min.js": "x" * 6000, "b.popular.min.js": "x"})
    assert texts.paths == ("a.js",)
    assert texts.data("a.test.js") == b"x"


def test_a_file_that_is_not_read_makes_no_tree_big(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("export const a = 1;\n")
    (tmp_path / "bundle.js").write_text("x" * 1_500_000)
    assert Eyes(Target(tmp_path, folders=(tmp_path,)), Knowledge()).code.project.choice.all
