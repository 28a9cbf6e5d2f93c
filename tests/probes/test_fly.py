"""Does fly.toml say its groups, and which of them stop?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.fly import PROBE
from callcheck.sources import Eyes


def look(folder: Path, files: dict[str, str]) -> list[Evidence | Lost]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, Knowledge())
    return [] if PROBE.skip(target, eyes) else list(PROBE.look(target, eyes))


def told(found: list[Evidence | Lost]) -> list[str]:
    """Each fact as `kind service values @place`, for short comparisons."""
    lines = []
    for item in found:
        if isinstance(item, Lost):
            lines.append(f"lost {item.what}")
            continue
        values = item.fact.attributes()
        name = values.get("service.name", values.get("faas.name"))
        count = values.get("callcheck.instance.count", "")
        many = f"{count}+" if values.get("callcheck.instance.at_least") else str(count)
        more = (
            values.get("callcheck.entry.file")
            or values.get("callcheck.sticky.by")
            or values.get("faas.platform")
            or values.get("callcheck.server.trait")
            or ""
        )
        lines.append(" ".join(word for word in [item.fact.kind, str(name), many, str(more), f"@{item.where}"] if word))
    return lines


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
    assert "instances.possible app @fly.toml:5" in found


def test_a_worker_of_its_own_stays_up(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"fly.toml": FLY.replace('["app", "worker"]', '["app"]')}))
    assert not any("stops worker" in line for line in found)
    assert "instances.factor worker 1 @fly.toml:4" in found
