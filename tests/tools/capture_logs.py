"""Makes the logs of the guide's upstream fixtures anew, by real runs with a fake key: python -m tests.tools.capture_logs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.tools import apps, model_server, node

GUIDE = Path(__file__).resolve().parents[2] / "fixtures" / "guide"
OBJECTS = (
    "Bronze fibula", "Salt cellar", "Weaver's comb", "Loom weight", "Oil lamp", "Amber bead", "Whetstone", "Bone flute",
    "Quern", "Glass beaker", "Iron key", "Votive hand", "Roof tile", "Wine strainer",
)  # fmt: skip


def labels(side: str) -> None:
    """A working day of the label writer, in half a minute: lists read between the objects."""
    with tempfile.TemporaryDirectory() as folder:
        app = node.lay_out(GUIDE / "upstream-auth-ts" / side, Path(folder))
        port, log = apps.free_port(), app / "app.log"
        with model_server.serve() as model:
            env = node.environment(
                PORT=str(port), AUTOGEN_LOG="1", OPENAI_BASE_URL=model.url, OPENAI_API_KEY=model_server.GOOD_KEY
            )
            with apps.running([node.program("tsx"), "src/main.ts"], app, env, log):
                apps.wait_until(apps.answers(port, "/labels"), "the app")
                for number, title in enumerate(OBJECTS * 2):
                    apps.ask(port, "POST", f"/objects/{100 + number}/label", {"title": title})
                    time.sleep(0.4)
                    if number % 3 == 2:
                        apps.ask(port, "GET", "/labels")
        _keep(GUIDE / "upstream-auth-ts" / side, log.read_text())


def blurbs(side: str) -> None:
    """One batch of thirty new arrivals against a limit of eight calls a second."""
    case = GUIDE / "upstream-rate-limit-py" / side
    with model_server.serve(per_second=8) as model:
        env = node.environment(OPENAI_BASE_URL=model.url, OPENAI_API_KEY=model_server.GOOD_KEY)
        env["PYTHONDONTWRITEBYTECODE"] = "1"
        done = subprocess.run(
            [sys.executable, "-m", "blurbs", "30"], cwd=case, env=env, check=True, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    _keep(case, done.stdout)


def _keep(case: Path, text: str) -> None:
    (case / "logs").mkdir(exist_ok=True)
    (case / "logs" / "app.log").write_text(text)


if __name__ == "__main__":
    if why := node.missing():
        raise SystemExit(why)
    for each in ("broken", "fixed"):
        labels(each)
        blurbs(each)
