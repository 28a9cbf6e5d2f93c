"""Is a client id told that all copies of a program are given?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.traps import LibraryTrap
from callcheck.probes.copied_ids import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PAHO = "import os, socket\nimport paho.mqtt.client as mqtt\nclient = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id={})\nclient.loop_forever()\n"
FROM = 'os.environ["CLIENT"]'
UNIT = "[Service]\nEnvironmentFile=/etc/press/press.env\n{}ExecStart=/srv/venv/bin/python main.py\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"main.py": PAHO.format(FROM), "units/press@.service": UNIT.format(""), "etc/press.env": "CLIENT=press\n"}, ["press"]),
        ({"main.py": PAHO.format(FROM), "units/press@.service": UNIT.format("Environment=CLIENT=press-%i\n"), "etc/press.env": "LINE=1\n"}, []),
        ({"main.py": PAHO.format(FROM), "units/press@.service": UNIT.format(""), "units/press@.service.d/id.conf": "[Service]\nEnvironment=CLIENT=press-%i\n", "etc/press.env": "LINE=1\n"}, []),
        ({"main.py": PAHO.format('"press"')}, ["press"]),
        ({"main.py": PAHO.format('f"press-{socket.gethostname()}"')}, []),
        ({"main.py": PAHO.format('os.environ.get("CLIENT", "press")')}, ["press"]),
        ({"main.py": PAHO.format('os.environ.get("HOSTNAME", "press")')}, []),
        ({"main.py": PAHO.format('os.environ.get("CLIENT", "press")'), "compose.yml": "services:\n  press:\n    build: .\n    env_file: [secret.env]\n"}, []),
        ({"main.py": PAHO.format('os.environ.get("CLIENT", "press")'), "stack.yml": 'services:\n  press:\n    build: .\n    environment:\n      CLIENT: "press-{{.Task.Slot}}"\n'}, []),
        ({"test_main.py": PAHO.format('"press"')}, []),
    ],
    ids=["from a file", "of the instance", "of the instance, in a drop-in", "written", "computed", "by default", "of each process", "perhaps of a file", "of the task", "a test"],
)  # fmt: skip
def test_a_name_that_all_copies_have(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [item.fact.method for item in look(tmp_path, files) if isinstance(item.fact, LibraryTrap)] == told
