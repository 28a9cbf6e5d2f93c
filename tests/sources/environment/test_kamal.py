"""Variables of Kamal's roles and accessories."""

from __future__ import annotations

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.environment.kamal import read

TEXT = """
image: acme/shop
servers:
  web: [a]
  job:
    hosts: [b]
    cmd: bin/jobs
    env:
      clear: {LEVEL: debug}
env:
  clear:
    LEVEL: info
    HOST: <%= ENV["HOST"] %>
  secret:
    - MASTER_KEY
    - DB_PASSWORD:MAIN_PASSWORD
accessories:
  db: {image: "postgres:16", host: a, env: {POSTGRES_DB: shop}}
"""


def test_a_role_has_its_own_over_those_of_all(tmp_path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(TEXT, encoding="utf-8")
    found = {(each.unit, each.name): each for each in read(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()))}
    assert {key: each.value for key, each in found.items() if each.value} == {("web", "LEVEL"): "info", ("job", "LEVEL"): "debug", ("db", "POSTGRES_DB"): "shop"}
    assert found["web", "DB_PASSWORD"].secret == "MAIN_PASSWORD"
    assert (found["job", "LEVEL"].runs, found["job", "LEVEL"].line) == ("bin/jobs", 9)
    assert ("job", "HOST") in found
