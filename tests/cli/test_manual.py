"""Is the manual page that is shipped the one that the commands make, and does groff take it?"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from callcheck.cli.app import build, names
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.manual import page


def test_the_page_that_is_shipped_is_the_one_that_is_made(root: Path, refresh: bool) -> None:
    path = root / "callcheck" / "cli" / "callcheck.1"
    if refresh:
        path.write_text(page(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == page(), "pytest tests/cli/test_manual.py --refresh writes it anew"


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_it_reads_as_it_was_meant(root: Path) -> None:
    done = subprocess.run(["groff", "-man", "-Tascii", "-P-cbou", "-ww", "-rLL=100n"], input=page(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--fail-on 0-1[:CAUSE,...]" in done.stdout
    for status in ExitStatus:
        assert f"\n       {int(status)}" in done.stdout
    command = typer.main.get_command(build(names()))
    for name, each in command.commands.items():  # type: ignore[attr-defined]
        assert (f"callcheck {name}" in done.stdout) is not each.hidden
