"""A client that is made while its module is imported, before the file with its key is read."""

from __future__ import annotations

import pytest

from callcheck.probes.env_order import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

LLM = "import OpenAI from 'openai';\nexport const client = new OpenAI();\n"
LATER = "import OpenAI from 'openai';\nexport const client = () => new OpenAI();\n"


@pytest.mark.parametrize(
    "main",
    [
        "import dotenv from 'dotenv';\nimport { client } from './llm.js';\ndotenv.config();\n",
        "const { client } = require('./llm.js');\nrequire('dotenv').config();\n",
    ],
)
def test_the_file_is_read_too_late(tmp_path, main) -> None:
    assert [item.fact.effect for item in look(tmp_path, {"llm.js": LLM, "index.js": main})] == ["upstream-auth"]


@pytest.mark.parametrize(
    "files",
    [
        {"llm.js": LLM, "index.js": "import 'dotenv/config';\nimport { client } from './llm.js';\nimport dotenv from 'dotenv';\ndotenv.config();\n"},
        {"llm.js": LLM, "index.js": "require('dotenv').config();\nconst { client } = require('./llm.js');\n"},
        {"llm.js": LATER, "index.js": "import dotenv from 'dotenv';\nimport { client } from './llm.js';\ndotenv.config();\n"},
        {"llm.js": "import OpenAI from 'openai';\nexport class Asker {\n  constructor(client = new OpenAI()) { this.client = client; }\n}\n", "index.js": "import dotenv from 'dotenv';\nimport { Asker } from './llm.js';\ndotenv.config();\n"},
        {"llm.js": "import { openai } from '@ai-sdk/openai';\nexport const model = openai('gpt-5');\n", "index.js": "import dotenv from 'dotenv';\nimport { model } from './llm.js';\ndotenv.config();\n"},
        {"llm.js": "import 'dotenv/config';\n" + LLM, "index.js": "import dotenv from 'dotenv';\nimport { client } from './llm.js';\ndotenv.config();\n"},
    ],
    ids=["imported first", "required later", "made when asked", "stands in for an argument", "asks for its key with each request", "read by the module itself"],
)
def test_the_file_is_read_in_time(tmp_path, files) -> None:
    assert not look(tmp_path, files)
