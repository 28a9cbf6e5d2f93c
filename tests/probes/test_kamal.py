"""Does the file of Kamal say its containers?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.facts.deployment import ServiceRun
from callcheck.probes.kamal import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)
HEAD = "service: shop\nimage: acme/shop\n"
DOCKERFILE = "FROM ruby:3.3\nCMD [\"./bin/rails\", \"server\"]\n"


def runs(found: list) -> list[tuple[str, str, str]]:
    return [(item.fact.service, item.fact.role, item.fact.command) for item in found if isinstance(item.fact, ServiceRun)]


def test_each_role_has_a_container_on_each_host(tmp_path: Path) -> None:
    text = HEAD + "servers:\n  web:\n    - 10.0.0.1\n    - 10.0.0.2: canary\n  job:\n    hosts: [10.0.0.3]\n    cmd: bundle exec sidekiq\n"
    found = look(tmp_path, {"config/deploy.yml": text, "Dockerfile": DOCKERFILE})
    assert runs(found) == [("web", "web", "./bin/rails server"), ("job", "worker", "sidekiq")]
    assert {"instances.factor web 2 @config/deploy.yml:4", "instances.factor job 1 @config/deploy.yml:7"} <= set(told(found))


def test_a_list_of_servers_is_the_web_role(tmp_path: Path) -> None:
    assert "instances.factor web 3 @config/deploy.yml:3" in told(look(tmp_path, {"config/deploy.yml": HEAD + "servers: [a, b, c]\n"}))


def test_hosts_that_ruby_computes_are_not_counted(tmp_path: Path) -> None:
    found = look(tmp_path, {"config/deploy.yml": HEAD + "servers:\n  web:\n    hosts: <%= ENV.fetch('HOSTS').split(',') %>\n"})
    assert "instances.possible web @config/deploy.yml:4" in told(found)


def test_the_file_of_production_is_laid_over_the_other_one(tmp_path: Path) -> None:
    files = {
        "config/deploy.yml": HEAD + "servers:\n  web: [10.0.0.1]\n  job:\n    cmd: bin/jobs\n",
        "config/deploy.staging.yml": "servers:\n  web: [a]\n  job: {hosts: [a]}\n",
        "config/deploy.production.yml": "servers:\n  web: [a, b]\n  job: {hosts: [c, d]}\n",
    }
    found = look(tmp_path, files)
    assert ("job", "worker", "bin/jobs") in runs(found)
    assert {"instances.factor web 2 @config/deploy.yml:4", "instances.factor job 2 @config/deploy.yml:5"} <= set(told(found))


def test_accessories_run_no_code_of_the_app(tmp_path: Path) -> None:
    text = HEAD + "servers: [a]\naccessories:\n  redis: {image: 'redis:7', host: a, cmd: redis-server}\n"
    assert runs(look(tmp_path, {"config/deploy.yml": text}))[-1] == ("redis", "broker", "")


def test_another_file_of_that_name_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"config/deploy.yml": "servers: [a]\nsteps: []\n"}) == []
