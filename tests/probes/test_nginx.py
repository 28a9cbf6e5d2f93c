"""Does nginx say how it spreads requests?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.nginx import PROBE
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


def test_several_servers_without_affinity_are_balanced(tmp_path: Path) -> None:
    text = "upstream nodes {\n  server a:1;\n  server b:1;\n  server c:1 backup;\n}\n"
    assert told(look(tmp_path, {"nginx.conf": text})) == [
        "load.balanced nodes @nginx.conf:1",
        "instances.factor nodes 2 @nginx.conf:1",
    ]


def test_ip_hash_sticks(tmp_path: Path) -> None:
    text = "upstream nodes {\n  ip_hash;\n  server a:1;\n  server b:1;\n}\n"
    assert told(look(tmp_path, {"site.conf": text}))[0] == "sticky.sessions nodes ip @site.conf:2"


def test_a_commented_ip_hash_does_not_stick(tmp_path: Path) -> None:
    text = "upstream nodes {\n  # ip_hash;\n  server a:1;\n  server b:1;\n}\n"
    assert told(look(tmp_path, {"site.conf": text}))[0] == "load.balanced nodes @site.conf:1"


def test_one_server_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"nginx.conf": "upstream nodes {\n  server a:1;\n}\n"}) == []
