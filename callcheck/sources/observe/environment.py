"""By which variables do the agents come into an app's processes?

    CALLCHECK_RECORDING=/tmp/callcheck-x1  NODE_OPTIONS=--require "/…/observers/node/agent.cjs"  PYTHONPATH=/…/observers/python
    BUN_OPTIONS=--preload=/…/observers/node/agent.cjs

Everything else of the environment stays as it is, and nothing in the app's folder is touched.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

AGENTS = Path(__file__).parents[2] / "observers"
RECORDING = "CALLCHECK_RECORDING"


def variables(recording: str, agents: str, before: Mapping[str, str], options: Sequence[str] = ()) -> dict[str, str]:
    """The variables to set, beside those that were there before; agents and recording are folders as the app sees them, and `options` are what Node.js
    needs to let the agent in."""
    node = " ".join([*(f'"{_escaped(option)}"' for option in options), f'--require "{_escaped(f"{agents}/node/agent.cjs")}"'])
    bun = f"--preload={agents}/node/agent.cjs"
    if " " in bun:  # Bun takes quotes around all of an option alone, and as part of it otherwise.
        bun = f'"{bun}"'
    return {
        RECORDING: recording,
        "BUN_OPTIONS": f"{before['BUN_OPTIONS']} {bun}" if before.get("BUN_OPTIONS") else bun,
        "NODE_OPTIONS": f"{before['NODE_OPTIONS']} {node}" if before.get("NODE_OPTIONS") else node,
        "PYTHONPATH": os.pathsep.join(filter(None, (f"{agents}/python", before.get("PYTHONPATH")))),
    }


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')


_DOCKER = """\
# First, in a new folder, the agents go beside the recording, so that one folder is mounted:
#   mkdir -p callcheck-run && chmod 1777 callcheck-run && cp -r {agents} callcheck-run/
docker run \\
  -v "$PWD/callcheck-run:/callcheck" \\
{options}  IMAGE
# Afterwards, since the files are of the user that the app runs as:
#   sudo chown -R "$(id -u)" callcheck-run && callcheck observe --read callcheck-run
"""
_KUBERNETES = """\
# Below the container of the Deployment:
env:
{options}volumeMounts:
  - {{name: callcheck, mountPath: /callcheck}}
# and beside `containers`, since the agents must be there before the app starts; IMAGE has sh and tar, as that of the app mostly does:
initContainers:
  - name: callcheck-agents
    image: IMAGE
    command: [sh, -c, 'until [ -e /callcheck/ready ]; do sleep 1; done']
    volumeMounts:
      - {{name: callcheck, mountPath: /callcheck}}
volumes:
  - {{name: callcheck, emptyDir: {{sizeLimit: 512Mi}}}}
# Each new pod waits for them:
#   kubectl cp {agents} NAMESPACE/POD:/callcheck/observers -c callcheck-agents
#   kubectl exec -n NAMESPACE POD -c callcheck-agents -- touch /callcheck/ready
# Afterwards: kubectl cp NAMESPACE/POD:/callcheck callcheck-run && callcheck observe --read callcheck-run
"""
_SYSTEMD = """\
# systemctl edit SERVICE; the folder must be writable by the service's user:
#   install -d -m 1777 /var/tmp/callcheck
[Service]
{options}# Then: systemctl restart SERVICE; afterwards: callcheck observe --read /var/tmp/callcheck
"""
KINDS = ("docker", "kubernetes", "systemd")


def lines(kind: str) -> str:
    """What to add where callcheck cannot start the app itself: a text for people, by one of `KINDS`."""
    if kind == "systemd":
        wanted = variables("/var/tmp/callcheck", str(AGENTS), {})
        options = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in wanted.items())
        return _SYSTEMD.format(options=options)
    wanted = variables("/callcheck", "/callcheck/observers", {})
    if kind == "docker":
        return _DOCKER.format(agents=AGENTS, options="".join(f"  -e '{name}={value}' \\\n" for name, value in wanted.items()))
    return _KUBERNETES.format(agents=AGENTS, options="".join(f"  - {{name: {name}, value: '{value}'}}\n" for name, value in wanted.items()))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
