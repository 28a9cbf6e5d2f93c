"""Does a Nomad job say its groups and counts?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.nomad import PROBE
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


JOB = """\
job "mailer" {
  group "mailer" {
    count = 3 # three
    task "mailer" {
      driver = "docker"
      config {
        image   = "x/y:1"
        command = "npm"
        args    = ["run", "start:mailer"]
      }
      env { N = "1" }
    }
  }
}
"""


def test_count_and_command_are_read(tmp_path: Path) -> None:
    files = {"mailer.nomad.hcl": JOB, "package.json": '{"scripts": {\n"start:mailer": "node dist/main.js"}}'}
    assert told(look(tmp_path, files)) == [
        "service.run mailer dist/main.js @mailer.nomad.hcl:6",
        "instances.factor mailer 1 @package.json:2",
        "instances.factor mailer 3 @mailer.nomad.hcl:3",
    ]


def test_a_variable_is_a_possibility_and_no_count_is_one(tmp_path: Path) -> None:
    assert (
        told(look(tmp_path, {"a.nomad": JOB.replace("3 # three", "var.n")}))[-1]
        == "instances.possible mailer @a.nomad:3"
    )
    assert (
        told(look(tmp_path, {"a.nomad": JOB.replace("    count = 3 # three\n", "")}))[-1]
        == "instances.factor mailer 1 @a.nomad:2"
    )


def test_other_hcl_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"x.hcl": "server {\n enabled = true\n}\n"}) == []
