"""Does a playbook say how many containers it starts?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.ansible import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)
PLAY = "- hosts: web\n  vars:\n    ports: [3001, 3002]\n  tasks:\n    - community.docker.docker_container:\n        name: \"feed-{{{{ item }}}}\"\n        image: registry.example.com/feed\n        command: node server.js\n{}"


@pytest.mark.parametrize(
    ("loop", "said"),
    [
        ("", "instances.factor feed 1"),
        ("      loop: [1, 2, 3]\n", "instances.factor feed 3"),
        ("      loop: \"{{ ports }}\"\n", "instances.factor feed 2"),
        ("      loop: \"{{ everywhere }}\"\n", "instances.factor feed 5"),
        ("      with_sequence: start=1 end=4\n", "instances.factor feed 4"),
        ("      loop: \"{{ range(0, 2) | list }}\"\n", "instances.factor feed 2"),
        ("      loop: \"{{ nowhere }}\"\n", "instances.possible feed"),
    ],
)
def test_a_loop_starts_one_for_each_item(tmp_path: Path, loop: str, said: str) -> None:
    found = told(look(tmp_path, {"site.yml": PLAY.format(loop), "group_vars/all.yml": "everywhere: [1, 2, 3, 4, 5]\n"}))
    assert said in [line.split(" @")[0].strip() for line in found]


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("- name: a\n  community.docker.docker_swarm_service:\n    name: web\n    image: a\n    replicas: 3\n", ["instances.factor web 3"]),
        ("- name: a\n  block:\n    - community.docker.docker_compose_v2:\n        project_src: /srv\n        scale: {web: 2}\n", ["instances.factor web 2"]),
        ("- name: a\n  community.docker.docker_container:\n    name: web\n    image: a\n    state: absent\n", []),
        ("- name: a\n  community.docker.docker_container:\n    name: cache\n    image: redis:7\n", []),
        ("- name: a\n  ansible.builtin.copy:\n    src: docker_container\n    dest: b\n", []),
    ],
)
def test_a_task_of_another_kind(tmp_path: Path, task: str, said: list[str]) -> None:
    assert [line.split(" @")[0] for line in told(look(tmp_path, {"roles/web/tasks/main.yml": task})) if "instances" in line] == said
