"""What stands in a named place is known where one thing is ever put there, and not where several are."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Call, Member

HEARD = "def on_message(client, userdata, message):\n    userdata['bus'].emit('x')\n"
KEYED = "from aiohttp import web\nBUS = web.AppKey('bus')\n"
MADE = "from pyee import EventEmitter\nimport paho.mqtt.client as mqtt\n"


@pytest.mark.parametrize(
    ("files", "known"),
    [
        ({"a.py": MADE + "c = mqtt.Client(userdata={'bus': EventEmitter()})\n" + HEARD}, True),
        ({"a.py": MADE + "c = mqtt.Client()\nc.user_data_set({'bus': EventEmitter()})\n" + HEARD}, True),
        ({"a.py": MADE + "c = mqtt.Client(userdata={'bus': EventEmitter()})\nd = mqtt.Client(userdata={})\n" + HEARD}, False),
        ({"a.py": MADE + "c = mqtt.Client(userdata={'bus': EventEmitter()})\n" + HEARD.replace("client, userdata", "userdata, client")}, False),
        ({"a.py": MADE + KEYED + "app[BUS] = EventEmitter()\n", "b.py": "from a import BUS\ndef view(request):\n    request.app[BUS].emit('x')\n"}, True),
        ({"a.py": MADE + KEYED + "app[BUS] = EventEmitter()\napp[BUS] = EventEmitter()\n", "b.py": "from a import BUS\ndef view(request):\n    request.app[BUS].emit('x')\n"}, False),
        ({"a.py": MADE + KEYED + "table[BUS] = EventEmitter()\n", "b.py": "from a import BUS\ndef view(request):\n    request.table[BUS].emit('x')\n"}, False),
    ],
    ids=["of a client", "set on a client", "of two clients", "in another place", "an item of the application", "two things under one key", "an item of any table"],
)
def test_what_a_callback_finds(code_of, files: dict[str, str], known: bool) -> None:
    code = code_of(files)
    call = next(call for call in code.project.all(Call) if isinstance(call.callee, Member) and call.callee.name == "emit")
    assert isinstance(call.callee, Member)
    assert (code.origins.of(call.callee.object).qualified == "pyee.EventEmitter") is known
