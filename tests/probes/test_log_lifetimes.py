"""Is work that moves into a later invocation stated?"""

from __future__ import annotations

from pathlib import Path

from callcheck.model.evidence import Evidence
from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.probes.log_lifetimes import PROBE
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_logs

KNOWN = Knowledge(logs=shipped_logs)


def look(folder: Path, *lines: str, name: str = "app.log") -> list[Evidence]:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = Target(base=folder, folders=(folder,))
    eyes = Eyes(target, KNOWN)
    assert PROBE.skip(target, eyes) == ""
    return [item for item in PROBE.look(target, eyes) if isinstance(item, Evidence)]


def invocation(n: int, *texts: str) -> list[str]:
    request = f"5a22718a-3461-4655-b950-4000000000{n:02d}"
    stream = f"2025-01-09T08:10:{n:02d}.198+00:00 2025/01/09/[$LATEST]26497f013aa1fb040f696e2a3135e0d1 "
    own = [f"2025-01-09T08:10:{n:02d}.837Z\t{request}\tINFO\t{text}" for text in texts]
    return [
        stream + text for text in (f"START RequestId: {request} Version: $LATEST", *own, f"END RequestId: {request}")
    ]


def test_work_that_ends_under_the_next_request_is_stated(tmp_path: Path) -> None:
    lines = [
        line
        for n in range(1, 9)
        for line in invocation(
            n, f"audit record stored claim={32000 + n - 1}", f"writing audit record claim={32000 + n}"
        )
    ]
    assert [e.fact.attributes()["callcheck.count"] for e in look(tmp_path, *lines)] == [7]


def test_work_that_ends_in_its_own_request_is_not(tmp_path: Path) -> None:
    lines = [
        line
        for n in range(1, 9)
        for line in invocation(n, f"writing audit record claim={32000 + n}", f"audit record stored claim={32000 + n}")
    ]
    assert look(tmp_path, *lines) == []


def test_a_later_request_about_the_same_id_is_its_own_work(tmp_path: Path) -> None:
    lines = [line for n in range(1, 9) for line in invocation(n, "loading claim=32521", "claim stored claim=32521")]
    assert look(tmp_path, *lines) == []


def test_a_stream_without_a_name_is_one_as_long_as_its_invocations_alternate(tmp_path: Path) -> None:
    def lines(apart: bool) -> list[str]:
        found = []
        for n in range(1, 9):
            now, before = (f"5a22718a-3461-4655-b950-4000000000{m:02d}" for m in (n, n - 1))
            ends = [f"2025-01-09T08:{n:02d}:10.900Z END RequestId: {now}"]
            later = [f"2025-01-09T08:{n:02d}:10.300Z\t{before}\tINFO\tpush for seat {299 + n} delivered"] if n > 1 else []
            found += [f"2025-01-09T08:{n:02d}:10.100Z START RequestId: {now} Version: $LATEST", *later]
            found += [f"2025-01-09T08:{n:02d}:10.500Z\t{now}\tINFO\tseat {300 + n} freed, pushing", *(ends if apart or n % 2 else [])]
        return found

    assert len(look(tmp_path, *lines(apart=True))) == 1
    assert look(tmp_path, *lines(apart=False)) == []
