"""Timers of systemd that never start their service, or start it once, and those that do."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.unit_timers import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
SERVICE = "[Unit]\nDescription=tides\n[Service]\nType=oneshot\nExecStart=/usr/bin/python3 /srv/tides.py\n"
TIMER = "[Timer]\n%s\n[Install]\nWantedBy=timers.target\n"


def places(folder: Path, timer: str, service: str = SERVICE, **files: str) -> list[str]:
    given = {"units/tides.timer": TIMER % timer, "units/tides.service": service, **{name.replace("__", "."): text for name, text in files.items()}}
    return [str(each.where) for each in look(folder, given) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("timer", "service", "files", "place"),
    [
        ("OnUnitActiveSec=15min", SERVICE, {}, "units/tides.timer:2"),
        ("OnUnitInactiveSec=1h\nAccuracySec=1s", SERVICE, {"install__sh": "systemctl enable --now tides.timer\n"}, "units/tides.timer:2"),
        ("OnCalendar=hourly", SERVICE + "RemainAfterExit=yes\n", {}, "units/tides.service:6"),
        ("OnBootSec=1min\nOnUnitActiveSec=5min", SERVICE + "RemainAfterExit=true\n", {}, "units/tides.service:6"),
        ("OnCalendar=hourly", SERVICE + "[Install]\nWantedBy=multi-user.target\n", {"install__sh": "cp units/* /etc/systemd/system/\nsystemctl enable tides.service\n"}, "install.sh:2"),
        ("OnCalendar=hourly", SERVICE, {"Makefile": "install:\n\tsudo systemctl enable --now tides\n"}, "Makefile:2"),
    ],
)
def test_a_timer_that_never_fires_or_fires_once(tmp_path: Path, timer: str, service: str, files: dict[str, str], place: str) -> None:
    assert places(tmp_path, timer, service, **files) == [place]


@pytest.mark.parametrize(
    ("timer", "service", "files"),
    [
        ("OnBootSec=1min\nOnUnitActiveSec=15min", SERVICE, {}),
        ("OnActiveSec=0\nOnUnitActiveSec=15min", SERVICE, {}),
        ("OnUnitActiveSec=15min", SERVICE + "[Install]\nWantedBy=multi-user.target\n", {}),
        ("OnUnitActiveSec=15min", SERVICE, {"install__sh": "systemctl start tides.service\nsystemctl enable --now tides.timer\n"}),
        ("OnUnitActiveSec=15min\nUnit=other.service", SERVICE, {}),
        ("OnCalendar=hourly", SERVICE + "RemainAfterExit=no\n", {}),
        ("OnBootSec=1min", SERVICE + "RemainAfterExit=yes\n", {}),
        ("OnCalendar=hourly", SERVICE, {"install__sh": "systemctl enable --now tides.service tides.timer\n"}),
        ("OnCalendar=hourly", SERVICE, {"install__sh": "systemctl enable tides.service\nfor t in units/*.timer; do systemctl enable --now $(basename $t); done\n"}),
        ("OnCalendar=hourly", SERVICE, {"play__yml": "- systemd: {name: tides.timer, enabled: true}\n", "install__sh": "systemctl enable tides.service\n"}),
        ("OnCalendar=hourly", SERVICE, {"install__sh": "systemctl enable web.service\n"}),
    ],
)
def test_a_timer_that_fires_or_a_service_that_another_one_starts(tmp_path: Path, timer: str, service: str, files: dict[str, str]) -> None:
    assert places(tmp_path, timer, service, **files) == []
