"""Are containers and units told by their cgroups, and only the allowed variables read?"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from callcheck.sources.live.table import Table, container_in

DOCKER_1 = """\
9:name=systemd:/docker/1ae17c7de62885b76b84c49ab2e29787ffa536cfdadebac454ded14b00e7acb7
1:cpu:/docker/1ae17c7de62885b76b84c49ab2e29787ffa536cfdadebac454ded14b00e7acb7
0::/docker/1ae17c7de62885b76b84c49ab2e29787ffa536cfdadebac454ded14b00e7acb7
"""
"""Docker 20.10 with cgroups 1, read on its host."""


@pytest.mark.parametrize(
    ("cgroup", "told"),
    [
        (DOCKER_1, "1ae17c7de628"),
        ("0::/system.slice/docker-869b7a342920cdf3b430eaab3fa3ede2fd525e0f0a18f7b47596adf76970c7e3.scope\n", "869b7a342920"),
        ("0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1234.slice/cri-containerd-479221eff55264aff8dae39916c6a9239f2546571e273066765ed9771fe3d2cd.scope\n", "479221eff552"),
        ("0::/system.slice/system-shop.slice/shop@2.service\n", "systemd shop@2.service"),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/shop.service\n", "systemd shop.service"),
        ("0::/user.slice/user-1000.slice/session-4.scope\n", ""),
        ("0::/\n", ""),
    ],
)  # fmt: skip
def test_a_container_or_unit_stands_in_the_cgroup(cgroup: str, told: str) -> None:
    assert container_in(cgroup) == told


def test_only_two_variables_may_be_asked_for() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"], env={**os.environ, "SECRET_KEY": "x", "PM2_HOME": "/tmp/pm2"})
    try:
        table = Table()
        with pytest.raises(ValueError, match="SECRET_KEY"):
            table.variable(child.pid, "SECRET_KEY")
        assert (table.variable(child.pid, "PM2_HOME"), table.variable(child.pid, "NODE_UNIQUE_ID")) == ("/tmp/pm2", "")
    finally:
        child.kill()
        child.wait()
