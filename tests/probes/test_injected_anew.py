"""Hubs of connections that a dependency makes anew for each request."""

from __future__ import annotations

import pytest

from callcheck.probes.injected_anew import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HUB = """class Hub:
    def __init__(self):
        self.sockets = []
    async def join(self, ws):
        await ws.accept()
        self.sockets.append(ws)
    async def tell(self, text):
        for ws in self.sockets:
            await ws.send_text(text)
"""
MAKER = "from hub import Hub\ndef get_hub():\n    return Hub()\n"
APP = """from fastapi import Depends, FastAPI, WebSocket
from deps import get_hub
from hub import Hub
app = FastAPI()
@app.websocket("/watch")
async def watch(ws: WebSocket, hub: Hub = Depends(get_hub)):
    await hub.join(ws)
    await ws.receive_text()
@app.post("/told")
async def told(text: str, hub: Hub = Depends(get_hub)):
    await hub.tell(text)
"""
OF_ALL = HUB.replace("    def __init__(self):\n        self.sockets = []\n", "    sockets = []\n")
KEPT = "from functools import lru_cache\nfrom hub import Hub\n@lru_cache\ndef get_hub():\n    return Hub()\n"
ONE = "from hub import Hub\n_hub = Hub()\ndef get_hub():\n    return _hub\n"
BY_ONE = APP.replace("@app.post", "    await hub.tell('hello')\n@app.post").replace("    await hub.tell(text)\n", "    return text\n")


@pytest.mark.parametrize(
    ("hub", "maker", "app", "line"),
    [
        (HUB, MAKER, APP, 7),
        (HUB, "get_hub = None\n", APP.replace("Depends(get_hub)", "Depends(Hub)"), 7),
        (HUB.replace("[]", "{}").replace("self.sockets.append(ws)", "self.sockets[ws.path] = ws").replace("in self.sockets", "in self.sockets.values()"), MAKER, APP, 7),
        (HUB, KEPT, APP, 0),
        (HUB, ONE, APP, 0),
        (OF_ALL, MAKER, APP, 0),
        (HUB, MAKER, BY_ONE, 0),
        (HUB.replace("append(ws)", "append(len(self.sockets))"), MAKER, APP, 0),
    ],
    ids=["by a function", "by the class", "in a dict", "one that is kept", "one of the module", "a table of the class", "who joins is told by himself", "no connections"],
)
def test_what_joins_one_hub_is_not_in_another(tmp_path, hub: str, maker: str, app: str, line: int) -> None:
    found = look(tmp_path, {"hub.py": hub, "deps.py": maker, "app.py": app})
    assert [(item.fact.kind, item.where.line) for item in found if item.where] == ([("listener.per_call", line)] if line else [])
