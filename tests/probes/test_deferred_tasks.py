"""Do tasks of Airflow need the triggerer?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.deferred_tasks import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

DAG = "from airflow.decorators import dag\nfrom airflow.sensors.filesystem import FileSensor\n\n@dag(schedule='@daily')\ndef load():\n    FileSensor(task_id='a', filepath='/in/a.csv'{})\n"
ENV = {"compose.yml": "services:\n  s:\n    image: apache/airflow:2.10.2\n    command: scheduler\n    environment:\n      AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE: 'true'\n"}
VALUES = {"values.yaml": "airflowVersion: 2.10.2\nexecutor: KubernetesExecutor\ntriggerer:\n  enabled: false\n"}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"dags/load.py": DAG.format(", deferrable=True")}, ["worker.needed dags/load.py:6"]),
        ({"dags/load.py": DAG.format("")}, []),
        ({"dags/load.py": DAG.format("")} | ENV, ["worker.needed dags/load.py:6"]),
        ({"dags/load.py": DAG.format("")} | {"airflow.cfg": "[operators]\ndefault_deferrable = True\n"}, ["worker.needed dags/load.py:6"]),
        ({"dags/load.py": DAG.format(", deferrable=False")} | ENV, []),
        ({"dags/load.py": DAG.replace("FileSensor", "BashSensor").format("")} | ENV, []),
        ({"dags/load.py": DAG.replace("FileSensor", "TimeSensorAsync").format("")}, ["worker.needed dags/load.py:6"]),
        ({"dags/load.py": DAG.format(", deferrable=True")} | VALUES, ["worker.needed dags/load.py:6", "library.trap values.yaml:4"]),
        ({"dags/load.py": DAG.format("")} | VALUES, []),
        ({"tests/test_load.py": DAG.format(", deferrable=True")}, []),
    ],
    ids=["told", "not told", "by a variable", "by a file", "told not to", "not able to", "always", "turned off in a chart", "turned off, and not needed", "a test"],
)  # fmt: skip
def test_who_has_to_be_woken(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.fact.kind} {item.where}" for item in look(tmp_path, files)] == told
