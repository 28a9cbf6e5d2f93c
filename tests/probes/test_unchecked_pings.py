"""Does an endpoint of Discord's look at the signature?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.unchecked_pings import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PYTHON = "from fastapi import FastAPI\napp = FastAPI()\n\n\n@app.post('/interactions')\nasync def take(body: dict):\n    if body['type'] == 1:\n        return {'type': 1}\n    return {'type': 4, 'data': {'content': 'hi'}}\n"
NODE = "const { InteractionType, InteractionResponseType } = require('discord-interactions');\napp.post('/', (req, res) => {\n  if (req.body.type === InteractionType.PING) return res.send({ type: InteractionResponseType.PONG });\n});\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"bot.py": PYTHON}, ["bot.py:7"]),
        ({"bot.js": NODE}, ["bot.js:3"]),
        ({"bot.py": PYTHON, "checked.py": "from nacl.signing import VerifyKey\n"}, []),
        ({"bot.js": NODE.replace("app.post('/', ", "app.post('/', verifyKeyMiddleware(KEY), ")}, []),
        ({"shop.py": "def take(body):\n    if body['type'] == 1:\n        return {'type': 1}\n"}, []),
    ],
    ids=["Python", "Node", "checked elsewhere", "by the middleware", "nothing of Discord's"],
)  # fmt: skip
def test_a_ping_that_anybody_may_send(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
