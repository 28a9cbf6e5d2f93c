"""What a user may do by a file of rights: by its own rules and those of everybody."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.broker_rights.mosquitto import mosquitto

RIGHTS = "topic read news/#\nuser oven\ntopic kilns/1\ntopic write logs/#\ntopic deny kilns/1/secret\npattern read homes/%u/#\npattern write seen/%c\n"


@pytest.mark.parametrize(
    ("user", "reads", "writes", "denied"),
    [("oven", ["kilns/1", "homes/oven/#"], ["kilns/1", "logs/#", "seen/+"], ["kilns/1/secret"]), ("desk", ["homes/desk/#"], ["seen/+"], [])],
)
def test_the_rights_of_one_user(tmp_path, user, reads, writes, denied) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "mosquitto.conf").write_text("acl_file /etc/mosquitto/rights\n")
    (tmp_path / "m" / "rights").write_text(RIGHTS)
    (tmp_path / "rights").write_text("user nobody\n")
    (listed,) = mosquitto(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()))
    held = listed.of(user)
    assert (held.reads, held.writes, held.denied, listed.named) == (reads, writes, denied, True)
