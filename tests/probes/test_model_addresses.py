"""An address on the own machine is told, written or by a library's default, with the variable that would replace it."""

from __future__ import annotations

import pytest

from callcheck.probes.model_addresses import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("from ollama import Client\nc = Client()\n", ("http://127.0.0.1:11434", "OLLAMA_HOST")),
        ("import os\nfrom ollama import Client\nc = Client(host=os.environ.get('LLM', 'http://localhost:1'))\n", ("http://localhost:1", "LLM")),
        ("import os\nfrom ollama import Client\nURL = os.getenv('LLM') or 'http://localhost:1'\nc = Client(URL)\n", ("http://localhost:1", "LLM")),
        ("from openai import OpenAI\nc = OpenAI(base_url='http://localhost:8000/v1')\n", ("http://localhost:8000/v1", "")),
        ("from openai import OpenAI\nc = OpenAI()\n", None),
        ("import os\nfrom ollama import Client\nc = Client(host=os.environ['LLM'])\n", None),
        ("from ollama import Client\nc = Client(**options)\n", None),
    ],
)
def test_the_address_of_the_models_server(tmp_path, source: str, told: tuple[str, str] | None) -> None:
    found = [(e.fact.url, e.fact.name) for e in look(tmp_path, {"a.py": source})]
    assert found == ([told] if told else [])
