"""The key that a call takes by the name of its model is known only where the model is, and nothing in the code gives another one."""

from __future__ import annotations

import pytest

from callcheck.sources.code.environ import set_to
from callcheck.sources.code.model_keys import keyed_by_model

ASKS = "import litellm\nasync def f():\n    await litellm.acompletion(model=%s, messages=[])\n"


@pytest.mark.parametrize(
    ("files", "keys"),
    [
        ({"a.py": ASKS % "'openai/gpt-4o'"}, ["OPENAI_API_KEY"]),
        ({"a.py": ASKS % "'claude-sonnet-4-5'"}, ["ANTHROPIC_API_KEY"]),
        ({"a.py": "MODEL = 'gemini/gemini-2.5-flash'\n" + ASKS % "MODEL"}, ["GEMINI_API_KEY|GOOGLE_API_KEY"]),
        ({"a.py": "import os\n" + ASKS % "os.environ['MODEL']", "worker.env": "MODEL=groq/llama3\n"}, ["GROQ_API_KEY"]),
        ({"a.py": "import os\n" + ASKS % "os.environ.get('MODEL', 'gpt-4o-mini')"}, ["OPENAI_API_KEY"]),
        ({"a.py": "from pydantic_ai import Agent\nagent = Agent('anthropic:claude-sonnet-4-5')\n"}, ["ANTHROPIC_API_KEY"]),
        ({"a.py": "import dspy\nlm = dspy.LM('openai/gpt-4o-mini')\n"}, ["OPENAI_API_KEY"]),
        ({"a.py": "from langchain.chat_models import init_chat_model\nm = init_chat_model('mistralai:mistral-large')\n"}, ["MISTRAL_API_KEY"]),
        ({"a.py": "from crewai import LLM\nllm = LLM(model='anthropic/claude-sonnet-4-5')\n"}, ["ANTHROPIC_API_KEY"]),
        ({"a.py": "from smolagents import LiteLLMModel\nm = LiteLLMModel(model_id='deepseek/deepseek-chat')\n"}, ["DEEPSEEK_API_KEY"]),
        ({"a.py": "import instructor\nc = instructor.from_provider('google/gemini-2.5-flash')\n"}, ["GEMINI_API_KEY|GOOGLE_API_KEY"]),
        ({"a.py": "import litellm\ndef ask(model):\n    litellm.completion(model=model, messages=[])\nask('openai/a')\nask('openai/b')\n"}, ["OPENAI_API_KEY"]),
        ({"a.py": "import litellm\ndef ask(model):\n    litellm.completion(model=model, messages=[])\nask('openai/a')\nask('groq/b')\n"}, []),
        ({"a.py": "import litellm\ndef ask(model):\n    litellm.completion(model=model, messages=[])\n"}, []),
        ({"a.py": "import os\n" + ASKS % "os.environ['MODEL']"}, []),
        ({"a.py": ASKS % "'ollama/llama3'"}, []),
        ({"a.py": ASKS % "'azure/gpt-4o'"}, []),
        ({"a.py": ASKS % "'openai/gpt-4o', api_key=key"}, []),
        ({"a.py": ASKS % "'openai/gpt-4o', **options"}, []),
        ({"a.py": "import litellm\nlitellm.openai_key = settings.key\n" + ASKS % "'openai/gpt-4o'"}, []),
        ({"tests/a.py": ASKS % "'openai/gpt-4o'"}, []),
    ],
)
def test_where_the_key_is_taken_from(code_of, files: dict[str, str], keys: list[str]) -> None:
    code = code_of(files)
    assert [use.idiom.event_is for use in keyed_by_model(code, lambda name: set_to(code.project, name))] == keys
