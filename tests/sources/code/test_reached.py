"""A host is reached where the code says it, or a client has one of its own that nobody changes."""

from __future__ import annotations

import pytest

from callcheck.sources.code.reached import reached


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.py", "from openai import OpenAI\nc = OpenAI()\ndef f():\n    c.chat.completions.create(model='m')\n", [("api.openai.com", 4)]),
        ("a.py", "from openai import OpenAI\nc = OpenAI(base_url=URL)\n", []),
        ("a.py", "import requests\ndef f():\n    requests.get('https://api.shop.example/v1')\n", [("api.shop.example", 3)]),
        ("a.py", "import requests\ndef f(id):\n    requests.get(f'https://api.shop.example/v1/{id}')\n", [("api.shop.example", 3)]),
        ("a.py", "import requests\ndef f(host):\n    requests.get(f'https://{host}/v1')\n", []),
        ("a.py", "import os, requests\ndef f():\n    requests.get('https://' + os.environ['HOST'] + '/v1')\n", []),
        ("a.js", "const BASE = 'https://api.shop.example';\nconst f = () => fetch(BASE + '/v1');\n", []),
        ("a.js", "const URL = 'https://api.shop.example/v1';\nconst f = () => fetch(URL);\n", [("api.shop.example", 2)]),
        ("a.js", "const f = () => fetch('http://localhost:3000/a');\n", []),
        ("a.js", "const f = () => fetch('https://orders.internal/a');\n", []),
        ("a.js", "import { HttpsProxyAgent } from 'https-proxy-agent';\nconst f = () => fetch('https://api.shop.example/a', { agent });\n", []),
        ("a.ts", "import Stripe from 'stripe';\nconst s = new Stripe('k');\nconst f = () => s.refunds.create({});\n", [("stripe", 3)]),
    ],
)
def test_the_host_is_known(code_of, name: str, text: str, told: list[tuple[str, int]]) -> None:
    assert [(each.host, each.call.line) for each in reached(code_of({name: text}))] == told
