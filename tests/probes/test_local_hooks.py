"""Does a forge post its webhooks to private addresses?"""

from __future__ import annotations

import pytest

from callcheck.probes.local_hooks import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
GITEA = "services:\n  git: {image: 'gitea/gitea:1.22', environment: {%s}}\n  ci: {build: .}\n"
GITLAB = "services:\n  git: {image: 'gitlab/gitlab-ce:17.0.0-ce.0'}\n  ci: {build: .}\n"
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: git}\nspec: {template: {spec: {containers: [{name: git, image: gitea/gitea:1.22}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ci}\nspec: {selector: {app: ci}}\n"
REGISTERS = "import requests\nrequests.post('http://git:3000/api/v1/repos/a/b/hooks', json={'config': {'url': '%s'}})\n"
BEAKER = "const { Gitlab } = require('@gitbeaker/rest');\nconst api = new Gitlab({});\napi.ProjectHooks.add(7, 'http://ci:8000/hook', {});\n"
INI = "[webhook]\nALLOWED_HOST_LIST = %s\n"
VALUES = "gitea:\n  config:\n    webhook:\n      ALLOWED_HOST_LIST: %s\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"compose.yaml": GITEA % "", "a.py": REGISTERS % "http://ci:8000/hook"}, "compose.yaml:2"),
        ({"compose.yaml": GITEA % "", "a.py": REGISTERS % "http://10.1.2.3:8000/hook"}, "compose.yaml:2"),
        ({"compose.yaml": GITEA % "GITEA__webhook__ALLOWED_HOST_LIST: external", "a.py": REGISTERS % "http://ci:8000/hook"}, "compose.yaml:2"),
        ({"compose.yaml": GITEA % "", "app.ini": INI % "external, chat.example.com", "a.py": REGISTERS % "http://ci:8000/hook"}, "app.ini:2"),
        ({"k.yaml": POD, "a.py": REGISTERS % "http://ci.tools.svc:8000/hook"}, "k.yaml:2"),
        ({"k.yaml": POD, "values.yaml": VALUES % "external", "a.py": REGISTERS % "http://ci:8000/hook"}, "values.yaml:4"),
        ({"compose.yaml": GITLAB, "a.js": BEAKER}, "compose.yaml:2"),
        ({"compose.yaml": GITEA % "", "a.py": REGISTERS % "https://ci.example.com/hook"}, ""),
        ({"compose.yaml": GITEA % "GITEA__webhook__ALLOWED_HOST_LIST: private", "a.py": REGISTERS % "http://ci:8000/hook"}, ""),
        ({"compose.yaml": GITEA % "GITEA__webhook__ALLOWED_HOST_LIST: '${HOOKS_TO}'", "a.py": REGISTERS % "http://ci:8000/hook"}, ""),
        ({"compose.yaml": GITEA % "", "app.ini": INI % "external,c?", "a.py": REGISTERS % "http://ci:8000/hook"}, ""),
        ({"compose.yaml": GITEA % "", "app.ini": INI % "10.0.0.0/8", "a.py": REGISTERS % "http://ci:8000/hook"}, ""),
        ({"k.yaml": POD, "values.yaml": VALUES % "'*'", "a.py": REGISTERS % "http://ci:8000/hook"}, ""),
        ({"compose.yaml": GITLAB, "a.js": BEAKER, "set.sh": "gitlab-rails runner 'ApplicationSetting.current.update(outbound_local_requests_allowlist_raw: \"ci\")'\n"}, ""),
        ({"compose.yaml": GITEA % "", "a.py": "import requests\nrequests.post('http://git:3000/api/v1/repos', json={'url': 'http://ci:8000'})\n"}, ""),
    ],
)  # fmt: skip
def test_hooks_to_private_hosts(tmp_path, files, told) -> None:
    assert [f"{item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == ([told] if told else [])


def test_a_file_that_cannot_be_read_ends_nothing(tmp_path) -> None:
    (tmp_path / "dump.sh").write_bytes(b"\x00\xff\x00")
    found = look(tmp_path, {"compose.yaml": GITEA % "", "a.py": REGISTERS % "http://ci:8000/hook"})
    assert [item.where.path for item in found] == ["compose.yaml"]
