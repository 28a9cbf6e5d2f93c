"""A reader waits for a node of a graph that is itself a node, whose own nodes the outer stream does not tell of."""

from __future__ import annotations

import pytest

from callcheck.sources.code.nested_graphs import nested
from callcheck.sources.code.scopes import module_of

INNER = "from langgraph.graph import StateGraph\ndef build():\n    g = StateGraph(S)\n    g.add_node('count_bees', f)\n    g.add_node('weigh', f)\n    return g.compile()\n"
OUTER = "from langgraph.graph import StateGraph\nfrom inner import build\ng = StateGraph(S)\ng.add_node('hive', build())\ng.add_node('honey', f)\napp = g.compile()\n"
READ = "from outer import app\nasync def show(x):\n    async for update in app.astream(x):\n        "


def said(code_of, files: dict[str, str]) -> list[str]:
    code = code_of(files)
    uses = [use for use in code.idioms.of("trap") if use.idiom.where.get("nested") == "read"]
    return [f"{module_of(node).path}:{node.line}" for use in uses for node, _ in nested(code, use, read=True)]


@pytest.mark.parametrize(
    ("reads", "line"),
    [("if 'count_bees' in update: tell()\n", "read.py:4"), ("if update.get('weigh'): tell()\n", "read.py:4"), ("tell(TEXTS.get(next(iter(update))))\nTEXTS = {'weigh': 1, 'honey': 2}\n", "read.py:5")],
    ids=["key asked for", "key got", "table of nodes"],
)
def test_a_node_of_an_inner_graph_is_waited_for(code_of, reads: str, line: str) -> None:
    assert said(code_of, {"inner.py": INNER, "outer.py": OUTER, "read.py": READ + reads}) == ["outer.py:4", line]


@pytest.mark.parametrize(
    "files",
    [
        {"inner.py": INNER, "outer.py": OUTER, "read.py": READ + "if 'honey' in update: tell()\n"},
        {"inner.py": INNER, "outer.py": OUTER, "read.py": READ + "tell(update)\ndef other(row):\n    return row['weigh']\n"},
        {"inner.py": INNER, "outer.py": OUTER, "read.py": READ + "tell({'weigh': 1})\n"},
        {"inner.py": INNER, "outer.py": OUTER.replace("build())", "lambda s: build().invoke(s))"), "read.py": READ + "if 'weigh' in update: tell()\n"},
        {"inner.py": INNER, "outer.py": OUTER, "read.py": READ.replace("outer import app", "inner import build").replace("app.a", "build().a") + "if 'weigh' in update: tell()\n"},
    ],
    ids=["a node of its own", "looked up elsewhere", "no table of nodes", "no graph is a node", "the inner graph itself"],
)
def test_nothing_is_waited_for_in_vain(code_of, files) -> None:
    assert said(code_of, files) == []
