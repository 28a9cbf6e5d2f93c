"""Do the workers of a Dask cluster, and an object store, give the very report that one machine gives on the same files?"""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.log_writer import write
from tests.tools.shipped import shipped_logs

WITHOUT = "is not installed (pip install 'callcheck[cluster]' 'moto[s3]' flask flask-cors)"
distributed = pytest.importorskip("distributed", reason=f"distributed {WITHOUT}")
pytest.importorskip("s3fs", reason=f"s3fs {WITHOUT}")
moto = pytest.importorskip("moto.server", reason=f"moto's server {WITHOUT}")
SOON = "from callcheck.sources.logs import cluster; cluster._PATIENCE_S = 3"
KEY, SECRET = "AKIAQ2Z7X4M9T1V8B3N6", "wZq8Lk3n0Rt5Vx2Pm7Yc4Bd9Hs6Jf1Ga"


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The endpoint of an S3-compatible server, which this process and those that it starts are told of."""
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            patch.setenv(name, value)
        yield endpoint
    server.stop()


@pytest.fixture(scope="module")
def cluster(store: str) -> Iterator[str]:
    """The address of a scheduler with two workers, each a process."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as local:
        yield local.scheduler_address


@pytest.fixture(scope="module")
def folder(store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs in a folder, and the same in a bucket: short, long, packed, in UTF-16, damaged."""
    import s3fs

    made, whole = tmp_path_factory.mktemp("logs"), tmp_path_factory.mktemp("whole") / "all.log"
    write(whole, 20_000_000, 0.02)
    lines = whole.read_bytes().splitlines(keepends=True)
    (made / "api-1.log").write_bytes(b"".join(lines[:2_000]))
    (made / "api-2.log").write_bytes(b"".join(lines[2_000:70_000]))
    (made / "api-3.log.gz").write_bytes(gzip.compress(b"".join(lines[70_000:73_000])))
    (made / "api-4.log").write_bytes(b"".join(lines[73_000:75_000]).decode().encode("utf-16"))
    (made / "api-5.log.gz").write_bytes(gzip.compress(b"".join(lines[75_000:80_000]))[:-10_000])
    (made / "empty.log").write_bytes(b"")
    files = s3fs.S3FileSystem()
    files.mkdir("logs")
    for path in made.iterdir():
        files.put_file(str(path), f"logs/2026/11/{path.name}")
    return made


def callcheck(cwd: Path, *words: str, code: str = "", **env: str) -> tuple[int, str, str]:
    """Status, report and complaints of a run."""
    root = Path(__file__).resolve().parents[3]
    begin = ["-c", f"{code}\nfrom callcheck.__main__ import run\nrun()"] if code else ["-m", "callcheck"]
    ended = subprocess.run(
        [sys.executable, *begin, "diagnose", *words, "--format", "json"],
        cwd=cwd, env={**os.environ, "PYTHONPATH": str(root), **env}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert SECRET not in ended.stdout + ended.stderr
    assert KEY not in ended.stdout + ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


def report(done: tuple[int, str, str]) -> str:
    """The report of a run that found something."""
    status, out, complaints = done
    assert (status, complaints) in ((0, ""), (1, ""))
    assert len(json.loads(out)["diagnoses"]) > 1
    return out


def test_a_cluster_reports_what_one_machine_reports(folder: Path, cluster: str) -> None:
    words = ("api-*.log", "*.gz", "empty.log")
    alone, together = callcheck(folder, *words), callcheck(folder, *words, "--cluster", cluster)
    assert report(together) == report(alone)
    assert "of a long log" in alone[1]
    assert "the archive is damaged" in alone[1]


def test_a_cluster_reads_an_object_store_as_one_machine_does(folder: Path, cluster: str) -> None:
    word = "s3://logs/2026/11/*"
    alone, together = callcheck(folder, word), callcheck(folder, word, "--cluster", cluster)
    assert report(together) == report(alone)
    # And as the same files in a folder: only their names differ.
    local = report(callcheck(folder, "api-*.log", "*.gz"))
    assert _without_names(report(alone)) == _without_names(local)


def _without_names(text: str) -> Any:
    said = json.loads(text.replace("s3://logs/2026/11/", ""))
    del said["targets"]
    for diagnosis in said["diagnoses"]:
        del diagnosis["fingerprint"]
    return said


def test_ranges_of_one_log_come_from_all_workers_in_any_order(folder: Path, cluster: str) -> None:
    from callcheck.sources.logs import far
    from callcheck.sources.logs.pools import Crew
    from callcheck.sources.logs.reading import Reading

    known = shipped_logs()
    found = far.find(["s3://logs/2026/11/api-2.log"])
    alone = Reading(found, None, known, folder).summary()
    with distributed.Client(cluster, set_as_default=False) as client:
        crew = Crew(client.get_executor(), 2, stride=1)
        assert Reading(found, None, known, folder, crew=crew).summary() == alone
    assert alone.failures.found


def test_a_period_of_logs_on_a_cluster(folder: Path, cluster: str) -> None:
    words = ("s3://logs/2026/11/api-*", "--since", "2026-05-28T20:27:30Z", "--until", "2026-05-28T20:28:30Z")
    assert report(callcheck(folder, *words, "--cluster", cluster)) == report(callcheck(folder, *words))


def test_what_is_not_there_is_said(folder: Path, cluster: str) -> None:
    for more in ((), ("--cluster", cluster)):
        for word, why in {
            "s3://nowhere/*.log": "s3://nowhere/*.log: no such bucket",
            "s3://logs/2027/*.gz": "nothing matches s3://logs/2027/*.gz",
            "s3://logs/none.log": "s3://logs/none.log: it is not there",
            "nonsense://logs/x": "nonsense://logs/x: nothing is known that reads nonsense://",
        }.items():
            status, out, said = callcheck(folder, word, *more)
            assert (status, out) == (2, "")
            assert why in said
    status, _, said = callcheck(folder, "/nowhere/app.log", "--cluster", cluster)
    assert status == 2
    assert "/nowhere/app.log does not exist where it is read" in said


def test_who_may_not_read_is_told_so(folder: Path, store: str) -> None:
    import httpx

    httpx.post(f"{store}/moto-api/reset-auth", content="0")
    try:
        status, out, said = callcheck(folder, "s3://logs/2026/11/*.gz")
    finally:
        httpx.post(f"{store}/moto-api/reset-auth", content="inf")
    assert (status, out) == (2, "")
    assert "s3://logs/2026/11/*.gz: no permission" in said
    empty = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere", "AWS_CONFIG_FILE": "/nowhere"}
    status, _, said = callcheck(folder, "s3://logs/2026/11/*.gz", **empty)
    assert status == 2
    assert "s3://logs/2026/11/*.gz: no credentials" in said


def test_a_store_that_nobody_runs_is_told_in_bounded_time(folder: Path) -> None:
    begin = time.monotonic()
    status, _, said = callcheck(folder, "s3://logs/2026/11/*.gz", AWS_ENDPOINT_URL=f"http://127.0.0.1:{_free_port()}")
    assert status == 2
    assert "nobody answers" in said
    assert time.monotonic() - begin < 60


def test_a_scheduler_that_nobody_runs_is_told_in_bounded_time(folder: Path) -> None:
    begin = time.monotonic()
    address = f"tcp://127.0.0.1:{_free_port()}"
    status, _, said = callcheck(folder, "api-1.log", "--cluster", address, code=SOON)
    assert status == 2
    assert said.startswith(f"callcheck: no scheduler answers at {address}")
    assert time.monotonic() - begin < 40
    assert "such as tcp://scheduler:8786" in callcheck(folder, "api-1.log", "--cluster", "scheduler")[2]


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.mark.parametrize(
    ("module", "has"),
    [("__version__ = '0.0.1'", "has callcheck 0.0.1"), ("raise ModuleNotFoundError('No module named callcheck')", "has no callcheck"), (None, "has no workers")],
)
def test_workers_that_cannot_help_are_told(folder: Path, tmp_path: Path, module: str | None, has: str) -> None:
    """Each of the workers runs in a folder where another callcheck lies."""
    with distributed.LocalCluster(n_workers=0, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50) as empty:
        worker = None
        if module is not None:
            (tmp_path / "callcheck.py").write_text(module)
            command = [sys.executable, "-m", "distributed.cli.dask_worker", empty.scheduler_address, "--no-nanny", "--no-dashboard"]
            worker = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            status, out, said = callcheck(folder, "api-1.log", "--cluster", empty.scheduler_address, code=SOON)
        finally:
            if worker is not None:
                worker.terminate()
                worker.wait()
    assert (status, out) == (2, "")
    assert has in said


def test_what_lies_elsewhere_is_not_followed(folder: Path) -> None:
    status, _, said = callcheck(folder, "s3://logs/2026/11/*.gz", "--follow")
    assert status == 2
    assert "--follow reads on in files of this machine" in said


def test_a_missing_library_is_told_with_how_to_get_it(folder: Path) -> None:
    for module, words in {"distributed": ("api-1.log", "--cluster", "tcp://127.0.0.1:8786"), "fsspec": ("s3://logs/x.log",), "s3fs": ("s3://logs/x.log",)}.items():
        status, _, said = callcheck(folder, *words, code=f"import sys; sys.modules[{module!r}] = None")
        assert status == 2
        assert "pip install 'callcheck[cluster]'" in said


def test_a_cluster_that_goes_away_is_told(folder: Path) -> None:
    from callcheck.model.errors import SourceError
    from callcheck.sources.logs.cluster import Cluster

    local = distributed.LocalCluster(n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50)
    there = Cluster(local.scheduler_address)
    local.close()
    begin = time.monotonic()
    with pytest.raises(SourceError, match="went away|connection"):
        there.find(["/nowhere"])
    there.close()
    assert time.monotonic() - begin < 60


def test_nothing_of_it_is_imported_for_a_log_on_this_machine(folder: Path) -> None:
    code = "import atexit, sys; atexit.register(lambda: print(sorted({'distributed', 'fsspec', 's3fs', 'dask'} & set(sys.modules)), file=sys.stderr))"
    _, _, said = callcheck(folder, "api-1.log", code=code)
    assert said.strip() == "[]"
