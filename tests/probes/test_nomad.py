"""Does a Nomad job say its groups and counts?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.nomad import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


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


def test_a_scaling_counts_as_far_as_it_goes_unless_it_is_off(tmp_path: Path) -> None:
    scaling = "    scaling {\n      enabled = true\n      max = 5\n    }\n"
    grown = JOB.replace("count = 3 # three\n", "count = 1\n" + scaling)
    assert told(look(tmp_path, {"a.nomad": grown}))[-1] == "instances.factor mailer 5 @a.nomad:6"
    assert told(look(tmp_path, {"a.nomad": grown.replace("enabled = true", "enabled = false")}))[-1] == "instances.factor mailer 1 @a.nomad:3"


def test_a_system_job_runs_on_every_client(tmp_path: Path) -> None:
    text = JOB.replace('job "mailer" {\n', 'job "mailer" {\n  type = "system"\n').replace("    count = 3 # three\n", "")
    assert told(look(tmp_path, {"a.nomad": text}))[-1] == "instances.factor mailer 2+ @a.nomad:3"
    written = '{"Job": {"ID": "mailer", "Type": "system", "TaskGroups": [{"Name": "g", "Tasks": []}]}}'
    assert told(look(tmp_path, {"a.nomad": "", "a.json": written}))[-1] == "instances.factor mailer 2+ @a.json:1"
