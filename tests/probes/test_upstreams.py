"""Each way in which a model API fails has its name, keys stay where they belong, and without --online nothing is sent at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from callcheck.model.errors import SourceError
from callcheck.model.target import Target
from callcheck.probes.upstreams import PROBE
from callcheck.sources import Eyes
from callcheck.sources.online.check import check
from callcheck.sources.online.endpoints import Endpoint, endpoints
from callcheck.sources.online.systems import BY_NAME
from tests.tools.model_api import ANSWERS, serving
from tests.tools.shipped import shipped_knowledge

ROOT = Path(__file__).parents[2]
KNOWN = shipped_knowledge()
KEY = "sk-test-0123456789abcdefghij"
CODE = "import os\nfrom openai import OpenAI\nclient = OpenAI(base_url=os.environ['LLM_URL'], timeout=20, max_retries=1)\nclient.chat.completions.create(model='{model}', messages=[])\n"
OWN = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "LLM_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(autouse=True)
def no_settings_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OWN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture(scope="module")
def api() -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    with serving() as served:
        yield served


def app(folder: Path, base: str, model: str = "gpt-known", key: str = KEY) -> Target:
    (folder / "a.py").write_text(CODE.format(model=model))
    (folder / ".env").write_text(f"LLM_URL={base}\n" + (f"OPENAI_API_KEY={key}\n" if key else ""))
    return Target(folder, folders=(folder,), online=True)


def asked(target: Target) -> list[Any]:
    return [item.fact for item in PROBE.look(target, Eyes(target, KNOWN)) if hasattr(item, "fact")]


@pytest.mark.parametrize("how", [*ANSWERS, "timeout", "dropped", "redirect-loop", "redirected", "oversized", "dripping"])
def test_every_way_to_answer_has_its_name(how: str, tmp_path: Path, api: Any) -> None:
    target = app(tmp_path, f"{api[0]}/{how}/v1")
    began = time.monotonic()
    ((end, seen),) = check(endpoints(Eyes(target, KNOWN)), 2.0)
    assert time.monotonic() - began < 4
    assert seen.outcome == {"dripping": "timeout"}.get(how, how)
    assert (end.timeout_s, end.retries, end.variable) == (20.0, 1, "OPENAI_API_KEY")
    assert seen.status == (ANSWERS[how][0] if how in ANSWERS else seen.status)


def test_what_callcheck_itself_takes_to_begin_is_no_delay_of_the_api(tmp_path: Path, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = httpx.create_ssl_context()
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: time.sleep(3) or made)
    ((_, seen),) = check(endpoints(Eyes(app(tmp_path, f"{api[0]}/ok/v1"), KNOWN)), 5.0)
    assert (seen.outcome, seen.latency_s < 3) == ("ok", True)


@pytest.mark.parametrize(("settings", "outcome"), [({"HTTP_PROXY": "{gone}", "NO_PROXY": ""}, "proxy"), ({"ALL_PROXY": "http://no-such-name.invalid", "NO_PROXY": ""}, "proxy"), ({"HTTP_PROXY": "{gone}"}, "ok")])
def test_a_proxy_that_is_not_reached_is_no_fault_of_the_api(settings: dict[str, str], outcome: str, tmp_path: Path, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as (gone, _):
        pass
    for name, value in settings.items():
        monkeypatch.setenv(name, value.format(gone=gone))
    assert [fact.outcome for fact in asked(app(tmp_path, f"{api[0]}/ok/v1"))] == [outcome]


def test_certificates_that_cannot_be_read_are_said_and_nobody_is_asked(tmp_path: Path, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    with pytest.raises(SourceError, match="certificates cannot be read"):
        asked(app(tmp_path, f"{api[0]}/ok/v1"))


def test_a_port_where_nobody_listens_is_refused(tmp_path: Path) -> None:
    with serving() as (url, _):
        pass
    assert [fact.outcome for fact in asked(app(tmp_path, f"{url}/v1"))] == ["refused"]


def test_a_name_that_nobody_has_is_not_found(tmp_path: Path) -> None:
    assert [fact.outcome for fact in asked(app(tmp_path, "http://llm.invalid/v1"))] == ["dns"]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl, which makes the certificate, is not installed")
def test_a_certificate_of_its_own_making_is_not_accepted_and_no_key_is_sent(tmp_path: Path) -> None:
    made = tmp_path / "both.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout both.pem -out cert.pem -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    made.write_text(made.read_text() + (tmp_path / "cert.pem").read_text())
    (tmp_path / "app").mkdir()
    with serving(made) as (url, seen):
        assert [fact.outcome for fact in asked(app(tmp_path / "app", f"{url}/ok/v1"))] == ["tls"]
    assert seen == []


def test_a_model_that_the_api_does_not_have_is_named_and_one_that_stands_for_another_is_not(tmp_path: Path, api: Any) -> None:
    (fact,) = asked(app(tmp_path, f"{api[0]}/ok/v1", "gpt-unheard"))
    assert (fact.outcome, fact.model, fact.remaining) == ("ok", "gpt-unheard", 7)
    assert [fact.model for fact in asked(app(tmp_path, f"{api[0]}/ok/v1", "gpt-alias"))] == [""]
    assert [fact.model for fact in asked(app(tmp_path, f"{api[0]}/ok/v1", "gpt-known"))] == [""]


def test_who_wants_a_key_that_is_not_there_says_nothing_of_a_wrong_one(tmp_path: Path, api: Any) -> None:
    assert [fact.outcome for fact in asked(app(tmp_path, f"{api[0]}/auth/v1", key=""))] == ["no-key"]


def test_a_key_of_the_user_does_not_go_to_an_address_out_of_the_folder(tmp_path: Path) -> None:
    target = app(tmp_path, "https://stranger.invalid/v1", key="")
    (end,) = endpoints(Eyes(target, KNOWN), {"OPENAI_API_KEY": KEY})
    assert (end.address, end.key) == ("stranger.invalid", "")
    (end,) = endpoints(Eyes(target, KNOWN), {"OPENAI_API_KEY": KEY, "LLM_URL": "https://api.openai.com/v1"})
    assert (end.address, end.key) == ("api.openai.com", KEY)


def test_a_key_of_another_kind_is_not_taken_from_the_user(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\nfrom openai import OpenAI\nclient = OpenAI(api_key=os.environ['AWS_SECRET_ACCESS_KEY'])\n")
    target = Target(tmp_path, folders=(tmp_path,), online=True)
    assert [end.key for end in endpoints(Eyes(target, KNOWN), {"AWS_SECRET_ACCESS_KEY": KEY})] == [""]


def test_a_redirect_to_another_host_is_not_followed(tmp_path: Path, api: Any) -> None:
    api[1].clear()
    assert [fact.outcome for fact in asked(app(tmp_path, f"{api[0]}/redirected/v1"))] == ["redirected"]
    assert [path for path, _ in api[1]] == ["/redirected/v1/models"]


def test_an_address_that_is_not_known_is_not_replaced_by_the_usual_one(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE.format(model="m"))
    target = Target(tmp_path, folders=(tmp_path,), online=True)
    assert endpoints(Eyes(target, KNOWN), {"OPENAI_API_KEY": KEY}) == []


@pytest.mark.parametrize(
    ("file", "source", "expected"),
    [
        ("a.ts", "import OpenAI from 'openai';\nconst c = new OpenAI({ timeout: 30, maxRetries: 4 });\n", ("api.openai.com", 0.03, 4)),
        ("a.ts", "import OpenAI from 'openai';\nconst c = new OpenAI({ baseURL: process.env.NOWHERE ?? 'http://localhost:8000/v1' });\n", ("localhost:8000", 0.0, -1)),
        ("a.py", "from anthropic import Anthropic\nc = Anthropic(timeout=3)\n", ("api.anthropic.com", 3.0, -1)),
        ("a.py", "from ollama import Client\nc = Client(host='0.0.0.0')\n", ("127.0.0.1:11434", 0.0, -1)),
        ("a.py", "from openai import OpenAI\nc = OpenAI(base_url='https://api.groq.com/openai/v1')\n", ("api.groq.com", 0.0, -1)),
    ],
)
def test_where_clients_call_and_how_long_they_wait(tmp_path: Path, file: str, source: str, expected: tuple[str, float, int]) -> None:
    (tmp_path / file).write_text(source)
    target = Target(tmp_path, folders=(tmp_path,), online=True)
    assert [(end.address, end.timeout_s, end.retries) for end in endpoints(Eyes(target, KNOWN), {})] == [expected]


def run(folder: Path, *options: str, before: str = "") -> subprocess.CompletedProcess[str]:
    code = f"{before}\nimport sys\nfrom callcheck.__main__ import run\nsys.argv = ['callcheck', 'diagnose', '.', '--format', 'json', *{options!r}]\nrun()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder.parent / "cache")}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


FORBIDDEN = "import socket\ndef no(*a, **k):\n    raise SystemExit('a socket was opened')\nsocket.socket.connect = no\nsocket.socket.__init__ = no\nsocket.getaddrinfo = no"


def test_nothing_is_sent_without_the_option_nor_a_run_with_it_kept(tmp_path: Path, api: Any) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    app(folder, f"{api[0]}/quota/v1")
    api[1].clear()
    offline = run(folder, before=FORBIDDEN)
    assert json.loads(offline.stdout)["schema"] == "callcheck/1", offline.stderr
    assert api[1] == []
    online = run(folder, "--online")
    assert [path for path, _ in api[1]] == ["/quota/v1/models"]
    assert api[1][0][1]["authorization"] == f"Bearer {KEY}"
    assert json.loads(online.stdout)["diagnoses"][0]["cause"] == "upstream-rate-limit"
    assert KEY not in online.stdout + online.stderr
    again = run(folder, before=FORBIDDEN)
    assert json.loads(again.stdout)["diagnoses"] == json.loads(offline.stdout)["diagnoses"], again.stderr
    run(folder, "--online")
    assert len(api[1]) == 2
    for file in (tmp_path / "cache").rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes()


def test_sockets_are_really_forbidden_in_that_test(tmp_path: Path, api: Any) -> None:
    app(tmp_path, f"{api[0]}/ok/v1")
    assert "a socket was opened" in run(tmp_path, before=FORBIDDEN + "\nimport socket; socket.socket()").stderr


BEDROCK = "import boto3\nclient = boto3.client('bedrock-runtime', region_name='eu-west-1')\nclient.converse(modelId='anthropic.claude-v9', messages=[])\n"
VERTEX = "from google import genai\nclient = genai.Client(vertexai=True, project='p', location='europe-west4')\n"


def places(folder: Path, code: str, env: str = "", own: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    (folder / "a.py").write_text(code)
    (folder / ".env").write_text(env)
    return [(end.system.name, end.base, end.key) for end in endpoints(Eyes(Target(folder, folders=(folder,), online=True), KNOWN), own or {})]


@pytest.mark.parametrize(
    ("code", "env", "expected"),
    [
        (BEDROCK, "", [("bedrock", "https://bedrock.eu-west-1.amazonaws.com", "")]),
        (BEDROCK.replace(", region_name='eu-west-1'", ""), "AWS_REGION=us-west-2\nAWS_BEARER_TOKEN_BEDROCK=abc\n", [("bedrock", "https://bedrock.us-west-2.amazonaws.com", "abc")]),
        (BEDROCK.replace(", region_name='eu-west-1'", ""), "", []),
        (VERTEX, "", [("vertex", "https://europe-west4-aiplatform.googleapis.com", "")]),
        (VERTEX.replace("europe-west4", "global"), "", [("vertex", "https://aiplatform.googleapis.com", "")]),
        ("import boto3\nboto3.client('s3')\n", "AWS_REGION=us-west-2\n", []),
    ],
)
def test_an_api_of_a_region_is_looked_for_there(tmp_path: Path, code: str, env: str, expected: list[tuple[str, str, str]]) -> None:
    assert places(tmp_path, code, env) == expected


def test_a_key_for_bedrock_goes_to_bedrock_alone(tmp_path: Path) -> None:
    own = {"AWS_BEARER_TOKEN_BEDROCK": KEY}
    assert places(tmp_path, BEDROCK, own=own) == [("bedrock", "https://bedrock.eu-west-1.amazonaws.com", KEY)]
    elsewhere = places(tmp_path, BEDROCK.replace(", region_name='eu-west-1'", ""), "AWS_ENDPOINT_URL_BEDROCK=https://bedrock.eu-west-1.amazonaws.com.example\n", own)
    assert elsewhere == [("bedrock", "https://bedrock.eu-west-1.amazonaws.com.example", "")]


@pytest.mark.parametrize(("how", "key", "outcome"), [("forbidden", "", "unsigned"), ("auth", "", "unsigned"), ("forbidden", KEY, "forbidden"), ("ok", KEY, "ok"), ("unavailable", "", "unavailable")])
def test_a_refusal_without_a_signature_says_that_the_way_works(how: str, key: str, outcome: str, api: Any) -> None:
    ((_, seen),) = check([Endpoint(BY_NAME["bedrock"], f"{api[0]}/{how}", key, "", None)], 2.0)
    assert seen.outcome == outcome


def test_it_is_said_why_nobody_is_asked(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("2026-11-26 05:00:00 INFO started\n")
    online, offline = Target(tmp_path, logs=(log,), online=True), Target(tmp_path, logs=(log,))
    assert "--online" in PROBE.skip(offline, Eyes(offline, KNOWN))
    assert "--online" not in PROBE.skip(online, Eyes(online, KNOWN)) and "no folder" in PROBE.skip(online, Eyes(online, KNOWN))
