"""Do systemd units say their commands?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.systemd import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_a_unit_is_one_instance_of_its_command(tmp_path: Path) -> None:
    text = "[Unit]\n[Service]\nEnvironment=WEB_CONCURRENCY=3\nExecStart=/srv/venv/bin/gunicorn \\\n  app:app\n"
    assert told(look(tmp_path, {"shop.service": text})) == [
        "service.run shop app:app @shop.service:4",
        "server.trait shop sync-workers @shop.service:4",
        "instances.factor shop 3 @shop.service:4",
        "instances.factor shop 1 @shop.service:4",
    ]


def test_a_template_unit_leaves_the_number_open(tmp_path: Path) -> None:
    found = told(look(tmp_path, {"shop@.service": "[Service]\nExecStart=/usr/bin/node server.js\n"}))
    assert found[-1] == "instances.possible shop @shop@.service:2"


def test_flags_come_from_the_environment_file_too(tmp_path: Path) -> None:
    unit = "[Service]\nEnvironmentFile=-/etc/shop.env\nExecStart=/srv/venv/bin/uvicorn shop:app --port 80 $OPTS\n"
    found = told(look(tmp_path, {"deploy/shop.service": unit, "deploy/shop.env": "OPTS=--workers 4 --proxy-headers\n"}))
    assert "instances.factor shop 4 @deploy/shop.service:3" in found
    assert "instances.factor shop 1 @deploy/shop.service:3" in told(look(tmp_path / "b", {"deploy/shop.service": unit}))
    run = next(each for each in look(tmp_path / "c", {"deploy/shop.service": unit, "deploy/shop.env": "A=1\nOPTS=--workers 4\n"}) if each.fact.kind == "service.run")
    assert [str(each.where) for each in run.because] == ["deploy/shop.env:2"]


def test_drop_ins_have_the_last_word(tmp_path: Path) -> None:
    unit = "[Service]\nEnvironment=WEB_CONCURRENCY=1\nExecStart=/srv/venv/bin/uvicorn shop:app\n"
    more = "[Service]\nEnvironment=WEB_CONCURRENCY=4\n"
    assert "instances.factor shop 4 @shop.service.d/override.conf:2" in told(look(tmp_path, {"shop.service": unit, "shop.service.d/override.conf": more}))
    assert "instances.factor shop 1 @shop.service:3" in told(look(tmp_path / "b", {"shop.service": unit, "desk.service.d/override.conf": more}))
    other = "[Service]\nExecStart=\nExecStart=/srv/venv/bin/uvicorn shop:app --workers 3\n"
    assert "instances.factor shop 3 @etc/shop.service.d/a.conf:3" in told(look(tmp_path / "c", {"etc/shop.service": unit, "etc/shop.service.d/a.conf": other}))


def test_a_unit_that_runs_a_container_is_what_runs_inside_of_it(tmp_path: Path) -> None:
    unit = "[Service]\nExecStart=/usr/bin/docker run --rm --name a \\\n  -e WEB_CONCURRENCY=2 registry.example.com/shop:1 gunicorn shop:app\n"
    found = told(look(tmp_path, {"shop.service": unit}))
    assert "service.run shop shop:app @shop.service:2" in found
    assert any(each.startswith("instances.factor shop 2 ") for each in found)


def test_a_template_of_ansible_is_read_with_its_variables(tmp_path) -> None:
    unit = "[Service]\nExecStart=/srv/app/bin/gunicorn -w {{ app_workers | default(2) }} app:app\n"
    for files, count in (({}, 2), ({"roles/app/defaults/main.yml": "app_workers: 3\n", "group_vars/prod.yml": "app_workers: 5\n"}, 5)):
        found = [each.fact for each in look(tmp_path, {"roles/app/templates/app.service.j2": unit, **files})]
        assert [each.count for each in found if getattr(each, "level", "") == "processes"] == [count]
