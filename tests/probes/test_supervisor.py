"""Does supervisord say its programs?"""

from __future__ import annotations

from pathlib import Path

from callcheck.probes.supervisor import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)


def test_numprocs_and_the_commands_own_workers_are_two_factors(tmp_path: Path) -> None:
    text = "[supervisord]\nnodaemon=true\n[program:desk]\ncommand=/srv/venv/bin/gunicorn --workers=5 desk:app\nnumprocs=2\n[program:cron]\ncommand=python cron.py\n"
    assert told(look(tmp_path, {"supervisord.conf": text})) == [
        "service.run desk desk:app @supervisord.conf:3",
        "server.trait desk sync-workers @supervisord.conf:4",
        "instances.factor desk 5 @supervisord.conf:4",
        "instances.factor desk 2 @supervisord.conf:5",
        "service.run cron cron.py @supervisord.conf:6",
        "instances.factor cron 1 @supervisord.conf:7",
        "instances.factor cron 1 @supervisord.conf:6",
    ]


def test_another_conf_file_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, {"nginx.conf": "server { listen 80; }"}) == []
