"""A wait for tokens beside runs that emit none is told."""

from __future__ import annotations

import pytest

from callcheck.probes.streamed import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "from langchain_core.callbacks import BaseCallbackHandler\n"
            "from langchain_openai import ChatOpenAI\n"
            "class Relay(BaseCallbackHandler):\n"
            "    def on_llm_new_token(self, token, **kwargs):\n"
            "        print(token)\n"
            "model = ChatOpenAI(model='gpt-4o')\n"
            "def ask(x):\n"
            "    return model.invoke(x, config={'callbacks': [Relay()]})\n",
            "invoke",
        ),
    ],
)
def test_a_run_that_emits_no_tokens(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("code.function.name") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "from langchain_core.callbacks import BaseCallbackHandler\n"
            "from langchain_openai import ChatOpenAI\n"
            "class Relay(BaseCallbackHandler):\n"
            "    def on_llm_new_token(self, token, **kwargs):\n"
            "        print(token)\n"
            "model = ChatOpenAI(model='gpt-4o', streaming=True)\n"
            "def ask(x):\n"
            "    return model.invoke(x, config={'callbacks': [Relay()]})\n"
        ),
        (
            "from langchain_core.callbacks import BaseCallbackHandler\n"
            "from langchain_openai import ChatOpenAI\n"
            "class Relay(BaseCallbackHandler):\n"
            "    def on_llm_end(self, response, **kwargs):\n"
            "        print(response)\n"
            "model = ChatOpenAI(model='gpt-4o')\n"
            "def ask(x):\n"
            "    return model.invoke(x, config={'callbacks': [Relay()]})\n"
        ),
    ],
    ids=["streamed", "a hook that any run calls"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})


GRAPH = (
    "import { Annotation, StateGraph } from '@langchain/langgraph';\n"
    "const A = Annotation.Root({});\n"
    "const graph = new StateGraph(A).addNode('a', async (s, config) => { config.writer({ at: 'a' }); }).compile();\n"
    "export const debug = async () => { for await (const s of await graph.stream({}, { streamMode: MODES })) show(s); };\n"
    "export const run = async () => { await OTHER({}); };\n"
)


@pytest.mark.parametrize(
    ("modes", "other", "told"),
    [("'values'", "graph.invoke", "invoke"), ("['values', 'updates']", "graph.invoke", "stream-mode"), ("'values'", "model.invoke", "stream-mode"), ("['values', 'custom']", "graph.invoke", None)],
)
def test_a_plain_call_beside_a_stream_of_one_kind(tmp_path, modes, other, told) -> None:
    found = look(tmp_path, {"a.ts": GRAPH.replace("MODES", modes).replace("OTHER", other)})
    said = [item.fact.attributes() for item in found]
    assert [each.get("code.function.name") or each.get("callcheck.provider") for each in said] == ([told] if told else [])
