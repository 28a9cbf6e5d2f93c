"""What a probe sees does not depend on which probes ran before it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from callcheck import pipeline
from callcheck.model.target import Target
from callcheck.registry import probes
from callcheck.sources.code import choice
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Function

ROOT = Path(__file__).parents[1] / "fixtures"


def _said(folder: Path) -> dict[str, list[str]]:
    """What each probe says, in its own order."""
    ledger = pipeline.diagnose(Target(folder, folders=(folder,))).report.ledger
    said = {look.probe: [f"{look.outcome} {look.why} {look.lost}"] for look in ledger.looks if not look.joins}
    for each in (each for each in ledger.evidence if each.probe in said):
        said[each.probe].append(str((each.fact, each.where, each.excerpt, each.label, [(other.where, other.label) for other in each.because])))
    said.pop("processes")
    return said


@pytest.mark.parametrize("group", ["code", "guide"])
def test_probes_say_the_same_in_any_order(group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCHECK_NO_CACHE", "1")
    monkeypatch.setattr(choice, "SMALL_BYTES", -1)
    in_order = _said(ROOT / group)
    assert sum(map(len, in_order.values())) > 300
    shuffled = list(probes())
    random.Random(group).shuffle(shuffled)
    monkeypatch.setattr(pipeline, "probes", lambda: tuple(shuffled))
    again = _said(ROOT / group)
    assert not [(name, set(said) ^ set(again[name])) for name, said in in_order.items() if said != again[name]]


BUS = "import mitt from 'mitt';\nconst bus = mitt();\nexport class Bus { send(name) { bus.emit(name); } }\n"
FILES = {
    "bus.js": BUS,
    "main.js": "import { Bus } from './bus.js';\nimport { far } from './far.js';\nfar(new Bus());\nbus.on('x', () => {});\n",
    "far.js": "export function far(x) { x.send('far'); }\n",
}


@pytest.mark.parametrize("before", [(), ("far.js",), ("far.js", "bus.js", "main.js")], ids=len)
def test_a_file_that_was_parsed_for_somebody_else_changes_no_answer(before: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SMALL_BYTES", -1)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    project = pipeline.eyes_of(Target(tmp_path, folders=(tmp_path,)), pipeline.Options()).code.project
    assert "far.js" not in project.ground
    for name in before:
        assert project.module(name)
    bus = project.module("bus.js")
    send = next(each for each in bus.all(Function) if each.name == "send") if bus else None
    assert send
    assert [module_of(call).path for call in project.users.calls(send, ["send"])] == []
