"""A host is reached where the code says it, or a client has one of its own that nobody changes."""

from __future__ import annotations

import pytest

from callcheck.sources.code.reached import called_back, reached


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


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.js": "import axios from 'axios';\nconst f = (row) => axios.post(row.callback_url, {});\n"}, [("", 2)]),
        ({"a.js": "const f = (row) => fetch(row.notifyUrl, { method: 'POST' });\n"}, [("", 1)]),
        ({"a.py": "import requests\ndef f(row):\n    requests.post(row['webhook_url'], json={})\n"}, [("", 3)]),
        ({"a.py": "import requests\ndef f(row):\n    requests.post(row.get('return_url'), json={})\n"}, [("", 3)]),
        ({"a.py": "import requests\ndef f(row):\n    requests.post(row['service_url'], json={})\n"}, []),
        ({"a.py": "import os, requests\ndef f():\n    requests.post(os.environ['LAB_HOOK'], json={})\n", "serverless.yml": "provider:\n  LAB_HOOK: https://api.lab.example/hooks\n"}, [("api.lab.example", 3)]),
        ({"a.py": "import os, requests\ndef f():\n    requests.post(os.environ['LAB_WEBHOOK_URL'], json={})\n", "serverless.yml": "provider:\n  LAB_WEBHOOK_URL: http://lab.internal/hooks\n"}, []),
        ({"a.py": "import requests\ndef f(row):\n    requests.post(row['webhook_url'], json={}, proxies=PROXIES)\nproxies = {}\n"}, []),
    ],
    ids=["a record", "in camel case", "by a key", "by get", "a service", "set by the deployment", "set to one within", "through a proxy"],
)  # fmt: skip
def test_whoever_gave_an_address_is_mostly_outside(code_of, files: dict[str, str], told: list[tuple[str, int]]) -> None:
    assert [(each.host, each.call.line) for each in called_back(code_of(files))] == told
