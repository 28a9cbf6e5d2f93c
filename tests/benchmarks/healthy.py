"""What does callcheck say of well-kept code? Every diagnosis at or above 0.5 on 40 packages and 10 applications is listed.

    python tests/benchmarks/healthy.py [--cache DIR] [--only NAME ...] [--jobs 2]

Fetches packed tarballs (`npm pack`) and wheels (`pip download --no-deps`) of the versions named below into DIR, unpacks each and
diagnoses it. Prints, for each tree, its lines of JavaScript, TypeScript and Python, the seconds it took and its alarms with their
places, and at the end the alarms per 100,000 lines. Whether an alarm is right is for a reader to say; nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SURE = 0.5
LONGEST_S = 600
SOURCES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".py")
PACKAGES = """
npm express@5.3.0 fastify@5.12.8 koa@3.3.0 socket.io@4.8.4 ws@8.23.0 bull@4.16.5 ioredis@6.0.0 moleculer@0.15.2 kafkajs@2.2.4
npm amqplib@2.3.1 sequelize@6.37.8 rxjs@7.8.2 mongoose@9.12.1 typeorm@1.1.1 @nestjs/microservices@12.1.1 undici@8.13.1 telegraf@4.16.3 discord.js@14.28.1
npm openai@7.57.0 @hapi/hapi@21.4.10
pypi django==5.2.19 celery==5.7.0 kombu==5.7.0 flask-socketio==5.7.0 python-socketio==5.18.1 starlette==1.10.0 uvicorn==0.54.0 channels==4.3.2
pypi pika==1.4.4 aio-pika==10.2.1 aiokafka==0.14.0 paho-mqtt==2.2.0 apscheduler==3.11.3 pyee==13.0.1 rq==3.0.0 dramatiq==2.2.1 langchain-core==1.8.4
pypi autogen-agentchat==0.7.5 slack-bolt==1.30.0 aiohttp==3.14.5
"""
APPLICATIONS = """
npm ghost@6.65.0 parse-server@9.10.0 sails@1.5.18 pm2@7.0.4 @node-red/nodes@5.0.7
pypi wagtail==8.0.1 jupyterhub==6.1.1 flower==2.2.0 apache-superset==6.1.0 prefect==3.9.1
"""


class Tree(NamedTuple):
    """One release: where it comes from, and its name and version as that registry's client takes them."""

    registry: str
    spec: str

    @property
    def folder(self) -> str:
        """A name that is fit for a folder."""
        return f"{self.registry}-" + self.spec.replace("/", "+").replace("==", "@")


def trees() -> list[Tree]:
    """The releases above, packages before applications."""
    lines = (PACKAGES + APPLICATIONS).split("\n")
    return [Tree(words[0], spec) for words in map(str.split, lines) if words for spec in words[1:]]


def unpacked(tree: Tree, cache: Path) -> Path:
    """The folder of a release, fetched and unpacked on the first call. Raises CalledProcessError if its registry does not give it."""
    folder = cache / tree.folder
    if folder.is_dir():
        return folder
    parcel = cache / "parcels" / tree.folder
    parcel.mkdir(parents=True, exist_ok=True)
    if tree.registry == "npm":
        command = ["npm", "pack", "--silent", "--pack-destination", str(parcel), tree.spec]
    else:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", str(parcel), tree.spec]
    subprocess.run(command, check=True, capture_output=True, cwd=parcel)
    part = cache / f"{tree.folder}.part"
    for archive in parcel.iterdir():
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(part)
        else:
            with tarfile.open(archive) as packed:
                packed.extractall(part, filter="data")
    return part.rename(folder)


def lines_of(folder: Path) -> int:
    """Lines of source below a folder, as callcheck lists it: build output and other people's code left out."""
    from callcheck.model.target import Target
    from callcheck.sources.walk import survey

    files = [file for file in survey(Target(folder, folders=(folder,))).files if file.name.endswith(SOURCES)]
    return sum(file.path.read_bytes().count(b"\n") for file in files)


def alarms(folder: Path) -> tuple[list[str], float]:
    """What is diagnosed at or above SURE, one line each, and the seconds it took."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "callcheck", "diagnose", ".", "--format", "json"]
    done = subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, capture_output=True, timeout=LONGEST_S)
    took_s = time.perf_counter() - began
    if done.returncode > 1:
        return [f"status {done.returncode}: {done.stderr.decode(errors='replace').strip()[:200]}"], took_s
    found = [d for d in json.loads(done.stdout)["diagnoses"] if d["confidence"] >= SURE]
    return [f"{d['cause']} {d['confidence']:.2f} {_places(d)} {d['title']}" for d in found], took_s


def _places(diagnosis: dict[str, list[dict[str, object]]]) -> str:
    return " ".join(f"{item['file']}:{item['line']}" for item in diagnosis["evidence"][:3])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "callcheck-benchmarks")
    parser.add_argument("--only", nargs="*", default=[], help="trees whose name holds one of these")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    chosen = [tree for tree in trees() if not options.only or any(word in tree.spec for word in options.only)]
    total_lines = total_alarms = 0

    def measure(tree: Tree) -> tuple[Tree, int, list[str], float]:
        try:
            folder = unpacked(tree, options.cache)
            return tree, lines_of(folder), *alarms(folder)
        except (OSError, subprocess.SubprocessError) as error:
            return tree, 0, [f"not examined: {error}"], 0.0

    with ThreadPoolExecutor(options.jobs) as pool:
        for tree, lines, found, took_s in pool.map(measure, chosen):
            total_lines += lines
            total_alarms += len(found)
            print(f"{tree.spec:<32} {lines:>8} lines {took_s:7.1f} s  {len(found)} alarms", flush=True)
            for alarm in found:
                print(f"    {alarm}", flush=True)
    share = 100_000 * total_alarms / total_lines if total_lines else 0.0
    print(f"{len(chosen)} trees, {total_lines} lines, {total_alarms} alarms, {share:.2f} per 100,000 lines")


if __name__ == "__main__":
    main()
