"""Names that a service no longer sends are told, by which of its dialects the project asks for."""

from __future__ import annotations

import pytest

from callcheck.probes.renamed import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

_NEW = "import WebSocket from 'ws';\nexport const line = new WebSocket(`wss://api.openai.com/v1/realtime?model=${model}`, { headers: { Authorization: key } });\n"
_OLD = "import WebSocket from 'ws';\nexport const line = new WebSocket('wss://api.openai.com/v1/realtime?model=m', { headers: { Authorization: key, 'OpenAI-Beta': 'realtime=v1' } });\n"
_WAITS = "import { line } from './line.js';\nline.on('message', (raw) => { const said = JSON.parse(raw); if (said.type === '%s') play(said.delta); });\n"
_BROWSER = (
    "const answer = await fetch('https://api.openai.com/v1/realtime/calls', { method: 'POST', body: offer.sdp });\n"
    "channel.addEventListener('message', (e) => { const said = JSON.parse(e.data); if (said.type === 'response.audio_transcript.delta') show(said.delta); });\n"
)
_PYTHON = (
    "import websockets\n\nasync def hear(play):\n"
    '    async with websockets.connect("wss://api.openai.com/v1/realtime?model=m", additional_headers=HEADERS) as line:\n'
    '        async for raw in line:\n            if json.loads(raw)["type"] == "response.audio.delta":\n                play(raw)\n'
)


@pytest.mark.parametrize(
    ("files", "was", "now"),
    [
        ({"line.js": _NEW, "ear.js": _WAITS % "response.audio.delta"}, "response.audio.delta", "response.output_audio.delta"),
        ({"line.js": _OLD, "ear.js": _WAITS % "response.output_audio.delta"}, "response.output_audio.delta", "response.audio.delta"),
        ({"call.js": _BROWSER}, "response.audio_transcript.delta", "response.output_audio_transcript.delta"),
        ({"ear.py": _PYTHON}, "response.audio.delta", "response.output_audio.delta"),
    ],
    ids=["a former name", "a new name, and the former dialect is asked for", "by WebRTC", "in Python"],
)
def test_a_name_of_the_other_dialect(tmp_path, files, was, now) -> None:
    assert [(item.fact.event, item.fact.near) for item in look(tmp_path, files)] == [(was, now)]


@pytest.mark.parametrize(
    "files",
    [
        {"line.js": _NEW, "ear.js": _WAITS % "response.output_audio.delta"},
        {"line.js": _OLD, "ear.js": _WAITS % "response.audio.delta"},
        {"line.js": _NEW, "ear.js": _WAITS % "response.audio.delta", "both.js": _WAITS % "response.output_audio.delta"},
        {"line.js": _NEW.replace("api.openai.com/v1", "dashscope.aliyuncs.com/api-ws/v1"), "ear.js": _WAITS % "response.audio.delta"},
        {"line.js": _OLD, "ear.js": _WAITS % "response.output_text.delta"},
        {"ear.py": _PYTHON.replace("HEADERS", '{"OpenAI-Beta": "realtime=v1"}')},
    ],
    ids=["the new name", "the former name and dialect", "both", "another service", "a name that another interface sends too", "the former dialect in Python"],
)
def test_silent_about(tmp_path, files) -> None:
    assert not look(tmp_path, files)
