"""`callcheck webhook` says what becomes of the deliveries of a real app, in every way in which they can fail, and sends nothing elsewhere."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callcheck.report import json_v1
from tests.tools import apps

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")

ROOT = Path(__file__).parents[2]
SECRET = "s3cret-of-the-tests"
SCENARIO = """\
  - name: {mode}
    trigger:
      request: POST http://127.0.0.1:{port}/jobs/{mode}
      json: {{id: "{{{{ run.id }}}}", callback_url: "{{{{ callback.url }}}}"}}
      repeat: {repeat}
      timeout: 500ms
      expect: {{status: 202}}
    callback:
      match: {{json: {{id: "{{{{ run.id }}}}"}}}}
      signature: {{header: X-Signature, scheme: hmac-sha256, prefix: "sha256=", secret_env: WEBHOOK_SECRET}}
      reply: {{status: {reply}}}
    expect: {{within: {within}, settle: 300ms}}
"""
FATES = {
    "ok": "delivered", "late": "late", "twice": "duplicate", "mis-signed": "mis-signed", "retrying": "retried", "unretried": "rejected", "never": "lost",
    "renamed": "mismatched", "slash": "lost", "tls": "lost", "failing": "untriggered", "redirecting": "untriggered", "endless": "untriggered",
}  # fmt: skip
CAUSES = {
    "twice": "duplicate-delivery", "mis-signed": "callback-rejected", "unretried": "callback-rejected", "renamed": "payload-mismatch",
    "slash": "unreachable-callback-url", "tls": "unreachable-callback-url", "failing": "handler-exception",
}  # fmt: skip


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The app, on loopback."""
    with app(tmp_path_factory.mktemp("app")) as found:
        yield found


def app(folder: Path) -> Any:
    from contextlib import contextmanager

    @contextmanager
    def started() -> Iterator[int]:
        found = apps.free_port()
        command = [sys.executable, "-m", "uvicorn", "tests.tools.callback_app:app", "--port", str(found), "--log-level", "warning", "--timeout-graceful-shutdown", "1"]
        with apps.running(command, ROOT, {**os.environ, "WEBHOOK_SECRET": SECRET}, folder / "app.log"):
            apps.wait_until(apps.answers(found, "/health"), "the app")
            yield found

    return started()


def scenario(port: int, *modes: str, repeat: int = 10, within: str = "3s") -> str:
    replies = {"retrying": "[503, 503, 200]", "unretried": "503"}
    items = [SCENARIO.format(mode=mode, port=port, repeat=repeat, reply=replies.get(mode, "200"), within="400ms" if mode == "late" else within) for mode in modes]
    return "version: 1\nscenarios:\n" + "".join(items)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout, done.stderr
    return {each["scenario"]: each for each in json.loads(done.stdout)["measured"]}


def test_every_fate_is_told_from_the_others_and_nothing_leaves_this_machine(callcheck: Any, port: int, tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(scenario(port, *FATES, repeat=4, within="800ms"))
    # Every connection and look-up of a name that the run makes, and an end to those that would leave the machine.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "def watch(name, args):\n"
        "    if name in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto', 'socket.bind'):\n"
        "        where = args[1][0] if name in ('socket.connect', 'socket.sendto', 'socket.bind') and isinstance(args[1], tuple) else args[0] if name == 'socket.getaddrinfo' else '?'\n"
        "        with open(os.environ['SEEN'], 'a') as out: out.write(f'{name} {where}\\n')\n"
        "        if where not in ('127.0.0.1', '::1'): raise OSError('watched')\n"
        "sys.addaudithook(watch)\n"
    )
    env = {"WEBHOOK_SECRET": SECRET, "SEEN": str(tmp_path / "seen"), "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "HTTP_PROXY": "http://192.0.2.1:3128", "ALL_PROXY": "http://192.0.2.1:3128"}
    done = callcheck("webhook", "s.yml", "--format", "json", cwd=tmp_path, env=env)
    found = told(done)
    assert done.returncode == 1, done.stderr
    assert {mode: {fate: count for fate, count in each["fates"].items() if count} for mode, each in found.items()} == {mode: {fate: 4} for mode, fate in FATES.items()}
    assert {mode for mode, each in found.items() if each["met"]} == {"ok", "retrying"}
    assert {line.split()[1] for line in (tmp_path / "seen").read_text().splitlines()} == {"127.0.0.1"}

    assert (found["retrying"]["attempts"], found["retrying"]["spacing"]["count"]) == (3, 8)
    assert found["late"]["latency"]["p50"] > 0.4 > found["ok"]["latency"]["p50"]
    assert (found["slash"]["strays"], found["slash"]["near"], found["tls"]["noise"]) == (4, "/…/", {"tls": 4})
    assert found["redirecting"]["groups"][0]["why"] == "answered 307, to http://192.0.2.1/elsewhere, which was not followed"
    assert found["failing"]["answers"] == [{"answer": "500", "count": 4}]

    report = json.loads(done.stdout)
    jsonschema: Any = pytest.importorskip("jsonschema")
    jsonschema.validate(report, json.loads(json_v1.schema()))
    likely = [each for each in report["diagnoses"] if each["confidence"] >= 0.5]
    named = {(item["attributes"]["callcheck.scenario"], each["cause"]) for each in likely for item in each["evidence"]}
    assert set(CAUSES.items()) <= named
    assert {mode for mode, _ in named} - set(CAUSES) <= {"never"}
    assert {each["cause"] for each in likely} == set(CAUSES.values())
    lines = (tmp_path / "s.yml").read_text().splitlines()
    assert all("request: POST" in lines[item["line"] - 1] for each in report["diagnoses"] for item in each["evidence"])
    assert SECRET not in done.stdout + done.stderr


def test_a_person_reads_how_many_came_and_the_report_follows_its_schema(callcheck: Any, port: int, tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(scenario(port, "ok", "lossy", repeat=8, within="500ms"))
    text = callcheck("webhook", "s.yml", cwd=tmp_path, env={"WEBHOOK_SECRET": SECRET}).stdout
    assert "ok: as expected" in text
    assert "lossy: not as expected" in text
    lost, came = (int(re.findall(rf"^ +(\d) {word}$", text, re.M)[-1]) for word in ("never delivered", "delivered"))
    assert (lost, came) == (4, 4)
    assert json.loads(callcheck("schema", "scenario", cwd=tmp_path).stdout)["$id"] == "urn:callcheck:scenario:1"


def test_all_as_expected_ends_with_0_and_a_fixed_address_is_matched_by_what_comes(callcheck: Any, port: int, tmp_path: Path) -> None:
    own = apps.free_port()
    text = scenario(port, "ok", repeat=3, within="2s").replace("{{ callback.url }}", f"http://127.0.0.1:{own}/hooks/done")
    (tmp_path / "s.yml").write_text(text.replace("    callback:\n", f"    callback:\n      port: {own}\n      path: /hooks/done\n"))
    done = callcheck("webhook", "s.yml", cwd=tmp_path, env={"WEBHOOK_SECRET": SECRET})
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


HELD = """\
version: 1
scenarios:
  - name: {how}
    register: {{request: "{request}", held: true, pause: 100ms{until}}}
    trigger: {{request: "POST http://127.0.0.1:{port}/run/{run}", repeat: 2}}
    expect: {{within: 1s, settle: 100ms}}
"""


@pytest.mark.parametrize(("how", "method"), [("wait", "POST"), ("stream", "GET")])
def test_what_a_held_request_is_answered_is_the_delivery(callcheck: Any, port: int, tmp_path: Path, how: str, method: str) -> None:
    until = ", until: 'data: done'" if how == "stream" else ""
    request = f"{method} http://127.0.0.1:{port}/{how}/{{{{ run.id }}}}"
    (tmp_path / "s.yml").write_text(HELD.format(how=how, request=request, port=port, run="{{ run.id }}", until=until))
    assert told(callcheck("webhook", "s.yml", "--format", "json", cwd=tmp_path))[how]["fates"]["delivered"] == 2
    (tmp_path / "s.yml").write_text(HELD.format(how=how, request=request, port=port, run="another", until=until).replace("repeat: 2", "repeat: 1"))
    done = callcheck("webhook", "s.yml", "--format", "json", cwd=tmp_path)
    assert (done.returncode, told(done)[how]["fates"]["lost"]) == (1, 1)


def test_ctrl_c_prints_what_is_known(tmp_path: Path) -> None:
    with app(tmp_path) as port:
        _interrupted(port, tmp_path)


def _interrupted(port: int, tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(scenario(port, "ok", "hanging", repeat=5, within="1s").replace("timeout: 500ms", "timeout: 60s"))
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "WEBHOOK_SECRET": SECRET}
    command = [sys.executable, "-m", "callcheck", "webhook", "s.yml", "--format", "json"]
    run = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    apps.wait_until(apps.answers(port, "/hanging"), "the first trigger of the second scenario")
    run.send_signal(signal.SIGINT)
    out, _ = run.communicate(timeout=20)
    found = {each["scenario"]: each for each in json.loads(out)["measured"]}
    assert run.returncode == 130
    assert (found["ok"]["fates"]["delivered"], found["ok"]["ended"]) == (5, "")
    assert (found["hanging"]["ended"], found["hanging"]["fates"]["unsent"]) == ("interrupted", 5)


def test_time_is_bounded(callcheck: Any, port: int, tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(scenario(port, "hanging", repeat=500).replace("timeout: 500ms", "timeout: 60s"))
    began = time.monotonic()
    done = callcheck("webhook", "s.yml", "--for", "1s", "--format", "json", cwd=tmp_path, env={"WEBHOOK_SECRET": SECRET})
    assert time.monotonic() - began < 30  # one answer alone takes 60 s
    assert told(done)["hanging"]["ended"] == "out of time"


def test_an_app_that_dies_at_the_trigger_and_one_that_is_not_there(callcheck: Any, tmp_path: Path) -> None:
    with app(tmp_path) as found:
        (tmp_path / "s.yml").write_text(scenario(found, "dropping", repeat=9))
        done = callcheck("webhook", "s.yml", "--format", "json", cwd=tmp_path, env={"WEBHOOK_SECRET": SECRET})
    assert done.returncode == 3
    assert "is the app running?" in done.stderr
    each = told(done)["dropping"]
    assert {answer["answer"] for answer in each["answers"]} == {"dropped", "refused"}
    assert each["fates"]["unsent"] == 4


@pytest.mark.parametrize(
    ("change", "words", "said"),
    [
        (("127.0.0.1", "example.com"), (), "leaves this machine, for example.com, with WEBHOOK_TOKEN of your environment in it"),
        (("SECRET}", "ET_IS_NOT_SET}"), (), "s.yml:3:11: the environment variable WEBHOOK_ET_IS_NOT_SET is not set"),
        (("repeat: 2", "repeat: 501"), (), "s.yml:7:15: `repeat` is a number from 1 to 500"),
        (("repeat: 2", "repaet: 2"), (), "did you mean repeat?"),
        (("", ""), ("--public-url", "ftp://x"), "--public-url ftp://x is no plain http address"),
        (("", ""), ("--for", "2 weeks"), "--for is a time"),
        (("", ""), ("missing-folder/",), "missing-folder"),
    ],
)  # fmt: skip
def test_what_is_not_to_be_sent_is_refused_before_anything_is(callcheck: Any, tmp_path: Path, change: tuple[str, str], words: tuple[str, ...], said: str) -> None:
    text = scenario(9, "ok", repeat=2).replace("      json:", "      headers: {authorization: \"Bearer {{ env.WEBHOOK_TOKEN }}\"}\n      json:", 1 if change[0] == "127.0.0.1" else 0)
    (tmp_path / "s.yml").write_text(text.replace(*change))
    done = callcheck("webhook", "s.yml", *words, cwd=tmp_path, env={"WEBHOOK_SECRET": SECRET, "WEBHOOK_TOKEN": "t0ken-of-mine"})
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert "t0ken-of-mine" not in done.stdout + done.stderr


def test_a_public_address_that_leads_elsewhere_is_said(callcheck: Any, port: int, tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(scenario(port, "ok", repeat=2, within="500ms"))
    wrong = f"http://127.0.0.1:{apps.free_port()}"
    done = callcheck("webhook", "s.yml", "--public-url", wrong, "--format", "json", cwd=tmp_path, env={"WEBHOOK_SECRET": SECRET})
    each, report = told(done)["ok"], json.loads(done.stdout)
    assert (each["public"], each["fates"]["lost"]) == ("nobody listens there", 2)
    assert [(found["cause"], found["confidence"] > 0.5) for found in report["diagnoses"]][0] == ("unreachable-callback-url", True)
