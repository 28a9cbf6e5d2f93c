"""What do kubectl, PM2, docker, kustomize and helm say? Each is asked by a command that only reads, within limits of time and size."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from callcheck.model.errors import Malformed, NotFound, SourceError, TimedOut
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean

READS = {
    "kubectl": (("get",), ("logs",), ("kustomize",)),
    "kustomize": (("build",),),
    "helm": (("template",),),
    "pm2": (("jlist",),),
    "docker": (("compose", "ps"), ("inspect",)),
}
"""The only beginnings of a command that are let through: what they begin changes nothing."""
_ADVICE = pattern(r"\s*(?:Run|See|Use|Usage)\b.{0,200}(?:--help|help)")
"""What a tool ends with that does not know a command: `Run 'docker --help' for more information`."""
LIMIT_S = 20.0
MOST_BYTES = 32_000_000


def ask(tool: str, words: Sequence[str], folder: Path | None = None, limit_s: float = LIMIT_S, most_bytes: int = MOST_BYTES, env: Mapping[str, str] | None = None) -> str:
    """What the tool prints. Raises NotFound if it is not installed, TimedOut, Malformed for more than `most_bytes`, and SourceError with its
    own words if it fails. `env` takes the place of our own environment. Raises ValueError for a command that may do more than read."""
    if not any(tuple(words[: len(begins)]) == begins for begins in READS[tool]):
        raise ValueError(f"{tool} {' '.join(words)} is none of the commands that only read")
    import shutil
    import tempfile

    program = shutil.which(tool)
    if program is None:
        raise NotFound(f"{tool} is not installed", f"put it on the PATH, or leave the target out that asks for {tool}")
    late = threading.Event()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [program, *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=env if env is not None else {**os.environ, "PM2_DISCRETE_MODE": "true"},
            start_new_session=True,
        )
        timer = threading.Timer(limit_s, _too_late, (process, late))
        timer.start()
        try:
            assert process.stdout is not None
            told = process.stdout.read(most_bytes + 1)
            if len(told) > most_bytes:
                _end(process)
            status = process.wait()
        finally:
            timer.cancel()
            _end(process)
            process.stdout.close()  # type: ignore[union-attr]
        errors.seek(0)
        said = errors.read(4_000).decode("utf-8", "replace")
    if late.is_set():
        raise TimedOut(f"{tool} {words[0]} did not answer in {limit_s:.0f} s")
    if len(told) > most_bytes:
        raise Malformed(f"{tool} {words[0]} says more than {most_bytes:,} bytes")
    if status:
        lines = [line for line in said.splitlines() if line.strip() and not _ADVICE.match(line)]
        last = next((line for line in reversed(lines) if line.lower().startswith("error")), lines[-1] if lines else f"status {status}")
        raise SourceError(clean(f"{tool} {words[0]}: {last}", 200))
    return told.decode("utf-8", "replace")


def _too_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it, and with it whatever it started."""
    if process.poll() is not None:
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (AttributeError, OSError):
        process.kill()
