"""A variable is followed from where it is read to what it is used for."""

from __future__ import annotations

import pytest

from callcheck.probes.variables import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
READ = {
    "client without a key": ({"a.py": "from openai import OpenAI\ndef f():\n    return OpenAI(timeout=3)\n"}, "OPENAI_API_KEY True credential"),
    "client of another language": ({"a.ts": "import Anthropic from '@anthropic-ai/sdk';\nexport const c = new Anthropic();"}, "ANTHROPIC_API_KEY|ANTHROPIC_AUTH_TOKEN True credential"),
    "through a settings object": ({"config.py": "import os\nclass C:\n    key: str = os.environ.get('CRM_KEY', '')\nc = C()\n", "a.py": "from config import c\nfrom sdk import Client\nx = Client(api_key=c.key)\n"}, "CRM_KEY True credential"),
    "pydantic settings": ({"a.py": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    crm_token: str\ns = S()\nx = connect(token=s.crm_token)\n"}, "CRM_TOKEN True credential"),
    "with a mere placeholder": ({"a.py": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    crm_token: str = 'sk-stub'\ns = S()\nx = connect(token=s.crm_token)\n"}, "CRM_TOKEN True credential"),
    "with a placeholder that may be right": ({"a.py": "import os\nx = connect(token=os.getenv('CRM_TOKEN', 'local'))\n"}, "CRM_TOKEN False credential"),
    "in a header": ({"a.js": "const h = () => fetch('u', { headers: { authorization: `Bearer ${process.env.CRM_TOKEN}` } });"}, "CRM_TOKEN True credential"),
    "destructured": ({"a.js": "const { CRM_KEY } = process.env;\nexport const c = new Crm({ apiKey: CRM_KEY });"}, "CRM_KEY True credential"),
    "with a default": ({"a.js": "export const c = new Crm({ apiKey: process.env.CRM_KEY ?? 'test' });"}, "CRM_KEY False credential"),
    "as a callback": ({"a.js": "const base = process.env.PUBLIC_URL;\nexport const f = () => jobs.start({ callbackUrl: `${base}/done` });"}, "PUBLIC_URL True callback"),
    "by a hosted service": ({"a.py": "import os\nfrom twilio.rest import Client\nbase = os.environ['BASE_URL'].rstrip('/')\nc = Client('a', 'b')\ndef f():\n    c.calls.create(to='1', status_callback=f'{base}/x')\n"}, "BASE_URL True callback outside"),
    "as the url that a function gives a hosted service": ({"a.ts": "import { Octokit } from '@octokit/rest';\nconst gh = new Octokit();\nconst base = process.env.OWN_URL;\nconst hook = () => ({ url: `${base}/gh` });\nconst made = { config: hook() };\nexport const f = () => gh.repos.createWebhook(made);"}, "OWN_URL True callback outside"),
    "kept as a url that is not the one given away": ({"a.ts": "import { Octokit } from '@octokit/rest';\nconst gh = new Octokit();\nexport const db = { url: process.env.STORE_URL };\nexport const f = (asked) => gh.repos.createWebhook({ config: { url: asked.url } });"}, "STORE_URL True"),
    "to check a signature": ({"a.js": "const f = (b, s) => createHmac('sha256', process.env.HOOK_SECRET).update(b).digest('hex') === s;"}, "HOOK_SECRET True signature"),
    "beside a header": ({"a.py": "import os\ndef f(request):\n    return request.headers.get('x-token') == os.environ['HOOK_TOKEN']\n"}, "HOOK_TOKEN True signature"),
    "in bytes": ({"a.py": "import hmac, os\nSECRET = os.getenv('HOOK_SECRET', '')\ndef f(b):\n    return hmac.new(SECRET.encode(), b, 'sha256').hexdigest()\n"}, "HOOK_SECRET True signature"),
    "as an option": ({"a.js": "const app = new App({ signingSecret: process.env.SIGNING });"}, "SIGNING True signature"),
    "to check GitHub's hooks": ({"a.js": "const w = new Webhooks({ secret: process.env.HOOK_SECRET || 'dev' });"}, "HOOK_SECRET False signature"),
    "as another secret": ({"a.js": "const w = new Cookies({ secret: process.env.COOKIE_SECRET });"}, "COOKIE_SECRET True credential"),
    "to check a signature, if there is one": ({"a.js": "const S = process.env.HOOK_SECRET;\nconst f = (b, s) => { if (S) { check(createHmac('sha256', S).update(b).digest('hex'), s); } };"}, "HOOK_SECRET True"),
    "for something else": ({"a.py": "import os\nlevel = os.environ['LOG_LEVEL']\n"}, "LOG_LEVEL True"),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_a_variable_is_read(tmp_path, case) -> None:
    files, expected = READ[case]
    assert [f"{e.fact.name} {e.fact.needed} {e.fact.purpose}".rstrip() for e in look(tmp_path, files)] == [expected]


@pytest.mark.parametrize(
    "text",
    ["from openai import OpenAI\nc = OpenAI(api_key=k)", "from openai import OpenAI\nc = OpenAI(**options)", "import os\nfrom openai import OpenAI\nos.environ['OPENAI_API_KEY'] = k\nc = OpenAI()"],
    ids=["given", "perhaps given", "set by the code"],
)  # fmt: skip
def test_a_client_that_may_have_its_key_is_left_alone(tmp_path, text) -> None:
    assert not look(tmp_path, {"a.py": text})


def test_a_field_of_a_request_is_no_variable(tmp_path) -> None:
    assert not look(tmp_path, {"a.py": "class Proxy:\n    def __call__(self, environ, start_response):\n        return check(token=environ.get('HTTP_CRM_TOKEN'), key=environ['HTTP_CRM_KEY'])\n"})


OUT = "import axios from 'axios';\nconst api = axios.create({ baseURL: process.env.FARM_URL{} });\nexport const f = () => api.post('/scenes', { callbackUrl: `${process.env.OWN_BASE}/done` });\n"
PM2 = "module.exports = { apps: [{ name: 'a', script: 'a.js', env: { FARM_URL: '%s' } }] };\n"


@pytest.mark.parametrize(
    ("stands_in", "files", "outside"),
    [
        (" ?? 'https://api.farm.example/v1'", {}, True),
        ("", {"ecosystem.config.js": PM2 % "https://api.farm.example"}, True),
        ("", {"ecosystem.config.js": PM2 % "http://farm:8080"}, False),
        ("", {}, False),
    ],
    ids=["a public address stands in", "it is set to one", "it is set to one of the network", "nobody knows"],
)
def test_an_address_is_given_to_whom_the_same_file_calls(tmp_path, stands_in: str, files: dict[str, str], outside: bool) -> None:
    read = {e.fact.name: e.fact.purpose for e in look(tmp_path, files | {"a.js": OUT.replace("{}", stands_in, 1)}) if hasattr(e.fact, "purpose")}
    assert read["OWN_BASE"] == ("callback outside" if outside else "callback")


@pytest.mark.parametrize(
    ("call", "outside"),
    [("requests.post(f'{FARM}/scenes', json=body)", True), ("requests.post('http://hub/scenes', json=body, headers={'Origin': FARM})", False), ("requests.post(f'http://hub/{FARM}', json=body)", False)],
    ids=["it begins the address", "it stands elsewhere", "it ends the address"],
)
def test_an_address_that_a_text_begins_with_is_called(tmp_path, call: str, outside: bool) -> None:
    files = {
        "conf.py": "import os\nFARM = os.environ.get('FARM_URL', 'https://api.farm.example')\n",
        "a.py": f"import os, requests\nfrom conf import FARM\ndef f():\n    body = dict(callback_url=os.environ['OWN_BASE'] + '/done')\n    {call}\n",
    }
    assert {e.fact.name: e.fact.purpose for e in look(tmp_path, files)}["OWN_BASE"] == ("callback outside" if outside else "callback")
