"""The index of a module gives what a walk over it would."""

from __future__ import annotations

import pytest

from callcheck.sources.code import languages
from callcheck.sources.code.tree import Assign, Call, Function, Literal, Module, Name, Node, Template, dotted, last_name

SOURCES = {
    "a.ts": """\
import { EventEmitter } from "node:events";
const bus = new EventEmitter();
export class Feed { @On("x") handle(@Body() body: string = "d") { return `${bus.emit("done", { body })} ${body}`; } }
bus.on("done", async ({ body }) => { for (const x of body) { other.bus.on(x, () => emit(x)); } });
switch (a) { case 1: emit("one"); default: try { emit("two"); } catch (e) { emit(e); } finally { on(); } }
""",
    "a.py": """\
from x import y as z

@app.on("done")
async def handle(body, n=z(1)):
    async with z.on(body) as f:
        return [f"{emit(x)}" for x in f if emit("done", k=[x, {1: x}])]

class A(y.B, metaclass=M):
    on = z.emit("x")
""",
}


@pytest.fixture(params=sorted(SOURCES))
def module(request: pytest.FixtureRequest) -> Module:
    return languages.read(SOURCES[request.param], request.param)


def test_all_nodes_of_a_class_are_those_of_a_walk(module: Module) -> None:
    walked = list(module.walk())
    for kind in {type(node) for node in walked}:
        assert module.all(kind) == [node for node in walked if type(node) is kind]
    assert len(module.all(Call)) > 4
    assert module.all(Template)


def test_nodes_below_a_node_are_those_of_its_walk(module: Module) -> None:
    for top in module.walk():
        for kind in (Call, Name, Literal, Function, Assign):
            assert top.inside(kind) == [node for node in top.walk() if type(node) is kind], top


def test_calls_are_found_by_the_last_name_of_their_callee(module: Module) -> None:
    walked = [node for node in module.walk() if isinstance(node, Call)]
    assert module.calls("emit") == [c for c in walked if dotted(c.callee).rsplit(".", 1)[-1] == "emit"] != []
    assert module.calls("on", "emit", "on") == [c for c in walked if last_name(c.callee) in ("on", "emit")]
    assert module.calls("nobody") == []


def test_a_node_made_later_is_walked() -> None:
    inner = Name("x")
    made = Call(Name("f"), [inner])
    assert made.inside(Name) == [made.callee, inner]


def test_every_node_knows_its_parent(module: Module) -> None:
    for node in module.walk():
        for child in node.children():
            assert child.parent is node
            assert node.at < child.at < child.end <= node.end


def test_a_module_made_by_hand_is_indexed_when_asked() -> None:
    call: Node = Call(Name("f"), [])
    assert Module("x.py", "python", [call]).all(Call) == [call]


def test_the_line_of_a_node_is_its_source(module: Module) -> None:
    call = module.calls("on")[0]
    assert module.line_of(call) == module.text.split("\n")[call.line - 1]
