"""A context variable that is read in a thread which never set it is told."""

from __future__ import annotations

import pytest

from callcheck.probes.contexts import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "from contextvars import ContextVar\n"
            "user = ContextVar('user')\n"
            "pool = ThreadPoolExecutor()\n"
            "def report():\n"
            "    return user.get()\n"
            "def ask():\n"
            "    pool.submit(report)\n",
            "user",
        ),
    ],
)
def test_a_variable_that_does_not_come_along(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("code.function.name") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "from contextvars import ContextVar\n"
            "user = ContextVar('user')\n"
            "pool = ThreadPoolExecutor()\n"
            "def report():\n"
            "    user.set('x')\n"
            "    return user.get()\n"
            "def ask():\n"
            "    pool.submit(report)\n"
        ),
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "pool = ThreadPoolExecutor()\n"
            "def report():\n"
            "    return 1\n"
            "def ask():\n"
            "    pool.submit(report)\n"
        ),
    ],
    ids=["set in the thread", "no variable"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})


WEB = """
import { StateGraph } from '@langchain/langgraph/web';
import { ChatOpenAI } from '@langchain/openai';
const model = new ChatOpenAI({});
const graph = new StateGraph(S).addNode('say', async (s, config) => model.invoke(s.q GIVEN)).compile();
const inner = new StateGraph(S).compile();
"""


@pytest.mark.parametrize(
    ("given", "heard", "many"),
    [
        ("", "for await (const e of graph.streamEvents(q)) if (e.event === 'on_chat_model_stream') show(e);", 1),
        ("", "for await (const e of graph.streamEvents(q)) show(e);", 1),
        ("", "for await (const e of await graph.stream(q, { streamMode: ['updates', 'messages'] })) show(e);", 1),
        ("", "graph.invoke(q, { callbacks: [tell] });", 1),
        (", config", "for await (const e of graph.streamEvents(q)) show(e);", 0),
        ("", "for await (const e of graph.streamEvents(q)) if (e.event === 'on_chain_end') show(e);", 0),
        ("", "for await (const e of await graph.stream(q, { streamMode: 'values' })) show(e);", 0),
    ],
    ids=["tokens", "all events", "messages", "callbacks", "handed on", "events of steps", "states"],
)
def test_what_is_heard_of_a_model_inside_a_node(tmp_path, given: str, heard: str, many: int) -> None:
    assert len(look(tmp_path, {"a.ts": WEB.replace("GIVEN", given) + heard})) == many


BLOCK = "import dspy\nfrom concurrent.futures import ThreadPoolExecutor\nask = dspy.Predict('q -> a')\ndef work(q):\n    return ask(q=q)\ndef go(rows, c):\n    with dspy.context(callbacks=[c]):\n        with ThreadPoolExecutor() as pool:\n            {}\n"


@pytest.mark.parametrize("handed", ["pool.submit(work, rows)", "return list(pool.map(work, rows))", "pool.submit(ask.forward, rows)"])
def test_a_block_of_a_library_around_work_for_threads(tmp_path, handed) -> None:
    (item,) = look(tmp_path, {"a.py": BLOCK.format(handed)})
    assert (str(item.where), item.fact.attributes().get("callcheck.context.how")) == ("a.py:9", "block")


@pytest.mark.parametrize(
    "handed",
    [
        "pool.submit(contextvars.copy_context().run, work, rows)",
        "work(rows)",
        "pool.submit(print, rows)",
        "pool.submit(inner, rows)\ndef inner(rows):\n    with dspy.context(callbacks=[]):\n        work(rows)",
    ],
)
def test_work_that_has_the_context_or_needs_none(tmp_path, handed) -> None:
    assert [*look(tmp_path, {"a.py": "import contextvars\n" + BLOCK.format(handed)})] == []
