"""Does fly.toml say its groups, and which of them stop?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.fly import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


FLY = """\
app = "x"
[processes]
  app = "uvicorn a:b"
  worker = "arq a.W"
[http_service]
  auto_stop_machines = "stop"
  min_machines_running = 0
  processes = ["app", "worker"]
"""


def test_a_worker_behind_an_http_service_may_be_stopped(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"fly.toml": FLY}))
    assert "service.stops worker @fly.toml:8" in found
    assert "instances.factor app 2+ @fly.toml:5" in found


def test_a_worker_of_its_own_stays_up(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"fly.toml": FLY.replace('["app", "worker"]', '["app"]')}))
    assert not any("stops worker" in line for line in found)
    assert "instances.factor worker 1 @fly.toml:4" in found


def test_a_group_with_a_service_gets_two_machines_unless_one_is_asked_for(tmp_path: Path) -> None:
    text = 'app = "x"\n[http_service]\n  internal_port = 80\n'
    assert "instances.factor app 2+ @fly.toml:2" in told(look(tmp_path, {"fly.toml": text}))
    found = told(look(tmp_path, {"fly.toml": text, "deploy.sh": "fly deploy --ha=false\n"}))
    assert "instances.possible app @fly.toml:2" in found
