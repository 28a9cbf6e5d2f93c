"""OpenTelemetry's automatic instrumentation, to be measured beside our agents: installed into a folder of its own, exporting nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_NODE = ("@opentelemetry/api", "@opentelemetry/auto-instrumentations-node")
_PYTHON = ("opentelemetry-distro", "opentelemetry-instrumentation-fastapi")


def for_node(folder: Path) -> str:
    """What NODE_OPTIONS takes."""
    _quiet()
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *_NODE], check=True)
    return f'--require "{folder}/node_modules/{_NODE[1]}/build/src/register.js"'


def for_python(folder: Path, python: str = sys.executable) -> str:
    """What PYTHONPATH takes."""
    _quiet()
    subprocess.run([python, "-m", "pip", "install", "-q", "--target", str(folder), *_PYTHON], check=True)
    return os.pathsep.join((f"{folder}/opentelemetry/instrumentation/auto_instrumentation", str(folder)))


def _quiet() -> None:
    os.environ.update({"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none", "OTEL_NODE_RESOURCE_DETECTORS": "none"})
