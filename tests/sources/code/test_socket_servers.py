"""Which servers and functions tell the clients of their own process alone, and what is sent over them?"""

from __future__ import annotations

import pytest

from callcheck.sources.code.socket_servers import carried, local_buses, told_here

SENDS = "from django_eventstream import send_event\ndef tell(gauge):\n    send_event('gauges', 'level', {'gauge': gauge})\n"


def _told(code) -> list[tuple[str, int]]:
    sent = [use for use in code.idioms.of("emit") if "transport" in use.idiom.traits]
    return [(made.framework.name, len(over)) for made, over in told_here(code, sent)]


@pytest.mark.parametrize(
    "settings",
    ["EVENTSTREAM_REDIS = {'host': 'redis'}\n", "import os\nif 'REDIS_HOST' in os.environ:\n    EVENTSTREAM_REDIS = {'host': os.environ['REDIS_HOST']}\n", "GRIP_URL = 'http://pushpin:5561'\n", "GRIP_PROXIES = [{'control_uri': 'http://pushpin:5561'}]\n"],
    ids=["Redis", "Redis where it is set", "a proxy", "several proxies"],
)
def test_a_setting_far_away_carries_what_a_function_sends(code_of, settings) -> None:
    assert _told(code_of({"tell.py": SENDS, "settings.py": "DEBUG = False\n"})) == [("django-eventstream", 1)]
    assert not _told(code_of({"tell.py": SENDS, "settings.py": settings}))


def test_a_function_is_found_behind_one_of_the_project_that_passes_the_event_on(code_of) -> None:
    code = code_of({"a.py": "from django_eventstream import send_event\ndef tell(kind, **more):\n    send_event('gauges', kind, more)\ndef read():\n    tell('level', height=3)\n    tell('dry')\n"})
    assert _told(code) == [("django-eventstream", 2)]


@pytest.mark.parametrize(("made", "told"), [("Broadcast('memory://')", [("broadcaster", 1)]), ("Broadcast('redis://r')", [])])
def test_a_bus_goes_by_its_backend_and_by_the_object_that_is_sent_on(code_of, made, told) -> None:
    code = code_of({"a.py": f"from broadcaster import Broadcast\nbus = {made}\nother = Broadcast('redis://r')\nasync def tell():\n    await bus.publish('a', 'x')\n    await other.publish('a', 'x')\n"})
    assert _told(code) == told


def test_the_bus_of_a_test_is_none_of_the_app_s(code_of) -> None:
    assert not local_buses(code_of({"tests/test_a.py": "from broadcaster import Broadcast\nbus = Broadcast('memory://')\n"}))


@pytest.mark.parametrize(("given", "shared"), [("adapter: createAdapter(pub, sub)", True), ("path: '/live'", False)])
def test_a_server_that_stands_in_where_no_adapter_is_set_up_is_one_that_has_it(code_of, given: str, shared: bool) -> None:
    text = f"import {{ Server }} from 'socket.io';\nexport function open(url) {{\n  if (url) {{\n    return new Server({{ {given} }});\n  }}\n  return new Server();\n}}\n"
    code = code_of({"live.js": text, "main.js": "import { open } from './live.js';\nexport const io = open(process.env.REDIS_URL);\n"})
    assert [carried(code, use) for use in code.idioms.of("realtime")] == [shared, shared]
