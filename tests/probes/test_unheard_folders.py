"""Folders on network file systems that somebody else writes to are not heard of by the kernel; whoever polls hears of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.unheard_folders import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

POD = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  template:
    spec:
      containers:
        - name: {name}
          image: a/b
          command: {command}
          volumeMounts: [{{name: in, mountPath: /inbox}}]
      volumes: [{{name: in, {volume}}}]
---
"""
CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: in}}\nspec: {{accessModes: [{mode}], storageClassName: {name}}}\n"
CLASS = "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: shared}}\nprovisioner: {by}\n"
OF_CLAIM = "persistentVolumeClaim: {claimName: in}"
OF_NFS = "nfs: {server: 10.0.0.4, path: /in}"
NODE = "import chokidar from 'chokidar';\nconst folder = process.env.FOLDER ?? '/inbox';\nchokidar.watch(folder, {%s}).on('add', take);\n"
PACKAGE = {"package.json": '{"type": "module", "dependencies": {"chokidar": "4.0.1"}}'}
DOG = "from watchdog.observers import Observer\no = Observer()\no.schedule(Scans(), '/inbox/scans')\no.start()\n"


def cluster(watcher: str = "[node, watch.js]", volume: str = OF_CLAIM, claim: str = "", writer: bool = True) -> dict[str, str]:
    pods = POD.format(name="watch", command=watcher, volume=volume) + (POD.format(name="write", command="[node, write.js]", volume=volume) if writer else "")
    return {"k8s.yaml": pods + (claim or CLAIM.format(mode="ReadWriteMany", name="shared") + CLASS.format(by="efs.csi.aws.com"))}


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.where} {item.fact.strength}" for item in look(tmp_path, files)]


WATCH = PACKAGE | {"watch.js": NODE % "depth: 0", "write.js": "import fs from 'node:fs';\nfs.writeFileSync('/inbox/a', 'x');\n"}


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (WATCH | cluster(), "watch.js:3 strong"),
        (WATCH | cluster(claim=CLAIM.format(mode="ReadWriteMany", name="azurefile-csi")), "watch.js:3 strong"),
        (WATCH | cluster(claim=CLAIM.format(mode="ReadWriteMany", name="fast")), "watch.js:3 fair"),
        (WATCH | cluster(volume=OF_NFS), "watch.js:3 strong"),
        (WATCH | cluster(volume=OF_NFS, writer=False), "watch.js:3 fair"),
        ({"watch.py": DOG, "requirements.txt": "watchdog==6.0.0\n"} | cluster("[python, watch.py]"), "watch.py:3 strong"),
        ({"watch.py": "import asyncio\nfrom watchfiles import awatch\nasync def main():\n    async for c in awatch('/inbox'):\n        take(c)\nasyncio.run(main())\n"} | cluster("[python, watch.py]"), "watch.py:4 strong"),
        (PACKAGE | {"watch.js": "import fs from 'node:fs';\nfs.watch('/inbox', take);\n"} | cluster(), "watch.js:2 strong"),
        (cluster("[sh, -c, 'inotifywait -m -e create /inbox | ./take.sh']"), "k8s.yaml:8 strong"),
        (
            WATCH | {"compose.yaml": "services:\n  watch: {build: ., command: node watch.js, volumes: ['in:/inbox']}\nvolumes:\n  in: {driver_opts: {type: nfs, o: 'addr=10.0.0.4', device: ':/in'}}\n"},
            "watch.js:3 fair",
        ),
    ],
    ids=["EFS", "a class by its name", "many writers", "NFS", "NFS that others write", "watchdog", "watchfiles", "fs.watch", "inotifywait", "Compose"],
)
def test_what_the_kernel_is_not_told(tmp_path: Path, files: dict[str, str], found: str) -> None:
    assert said(tmp_path, files) == [found]


@pytest.mark.parametrize(
    "files",
    [
        PACKAGE | {"watch.js": NODE % "usePolling: true"} | cluster(),
        WATCH | {"k8s.yaml": cluster()["k8s.yaml"].replace("image: a/b", "image: a/b\n          env: [{name: CHOKIDAR_USEPOLLING, value: '1'}]", 1)},
        WATCH | cluster(writer=False),
        WATCH | {"write.js": "import fs from 'node:fs';\nserve(fs.readFileSync('/inbox/a'));\n"} | cluster(),
        WATCH | cluster(claim=CLAIM.format(mode="ReadWriteOnce", name="gp3")),
        WATCH | cluster(claim=CLAIM.format(mode="ReadWriteMany", name="shared") + CLASS.format(by="rancher.io/local-path")),
        WATCH | cluster(volume="emptyDir: {}"),
        PACKAGE | {"watch.js": NODE.replace("/inbox", "/etc/shop") % ""} | cluster(),
        PACKAGE | {"watch.js": "import fs from 'node:fs';\nfs.watchFile('/inbox', take);\n"} | cluster(),
        {"watch.py": DOG.replace("observers import Observer", "observers.polling import PollingObserver as Observer")} | cluster("[python, watch.py]"),
        WATCH | cluster(volume=OF_NFS, writer=False) | {"watch.js": NODE % "" + "import fs from 'node:fs';\nfs.writeFileSync('/inbox/own', 'x');\n"},
        WATCH
        | {
            "compose.yaml": "services:\n  watch: {build: ., command: node watch.js, volumes: ['in:/inbox']}\n  write: {build: ., command: node write.js, volumes: ['in:/inbox']}\n"
            "volumes:\n  in: {driver_opts: {type: nfs, o: 'addr=10.0.0.4', device: ':/in'}}\n"
        },
    ],
    ids=[
        "it polls", "told to poll", "nobody else has it", "who only reads", "one writer", "a disk of the node", "a folder of the pod", "another folder", "watchFile", "a polling observer", "its own files", "one machine",
    ],
)  # fmt: skip
def test_what_it_hears_of(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
