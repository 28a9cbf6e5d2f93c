"""A capture may come from anybody: what is not one, or means harm, is refused in bounded time, with an error that says why."""

from __future__ import annotations

import io
import json
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from callcheck.model.captured import CONTEXT, EVIDENCE, LINES, LOOKS, MANIFEST, MARK, MEMBERS, SCHEMA, VERSION
from callcheck.model.digest import digest
from callcheck.model.errors import SourceError
from callcheck.sources.capture.archive import is_capture
from callcheck.sources.capture.read import read

Texts = dict[str, str]


def whole(**changes: Any) -> Texts:
    """The members of a capture with one fact."""
    fact = {"kind": "log.instances", "basis": "observed", "probe": "log_views", "file": "app.log", "line": 3, "attributes": {"callcheck.instance.count": 2, "service.name": "web"}}
    texts = {
        EVIDENCE: json.dumps(fact | changes.get("fact", {})) + "\n",
        LOOKS: json.dumps([{"name": "log_views", "kinds": ["log.instances"], "outcome": "done", "why": "", "lost": [], "joins": False}]),
        LINES: json.dumps({"file": "app.js", "line": 1, "text": "\tbus.on('x', f)"}) + "\n",
        CONTEXT: json.dumps({"complete": True, "ignores": [], "left_out": [], "units": [], "loaded": {}}),
    }
    texts |= {name: text for name, text in changes.items() if name in texts}
    return {MANIFEST: manifest(texts, **changes.get("said", {})), **texts}


def manifest(texts: Texts, **said: Any) -> str:
    held = {"schema": SCHEMA, "tool": {"name": "callcheck", "version": "0.1.0"}, "targets": ["."], "left_out": {}, "members": {name: digest(text) for name, text in texts.items()}}
    return json.dumps(held | said)


def packed(texts: Texts, version: str = VERSION, first: str = MARK) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {first: version, **texts}.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED)
    return held.getvalue()


def test_what_is_whole_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.ccb"
    path.write_bytes(packed(whole()))
    captured = read(path, "x.ccb")
    assert is_capture(path)
    assert [item.fact.kind for item in captured.ledger.evidence] == ["log.instances"]
    assert captured.ledger.settled("log.instances")
    assert captured.lines == {("app.js", 1): "\tbus.on('x', f)"}


def test_a_fact_of_a_later_version_is_left_out_and_not_taken_for_absent(tmp_path: Path) -> None:
    path = tmp_path / "x.ccb"
    texts = whole(fact={"kind": "log.of-tomorrow"})
    path.write_bytes(packed(texts))
    captured = read(path, "x.ccb")
    assert captured.dropped == 1
    assert not captured.ledger.evidence
    assert not captured.ledger.settled("log.of-tomorrow")


def test_text_that_steers_a_terminal_or_holds_a_secret_is_made_harmless(tmp_path: Path) -> None:
    path = tmp_path / "x.ccb"
    path.write_bytes(packed(whole(fact={"excerpt": "\x1b[2Jpassword='hunter2horse9'", "file": "a\x1b]0;x"}, said={"targets": ["\u202ex"]})))
    captured = read(path, "x.ccb")
    (item,) = captured.ledger.evidence
    assert item.where is not None
    assert not any("\x1b" in text or "\u202e" in text for text in (item.excerpt, item.where.path, *captured.given))
    assert "hunter2horse9" not in item.excerpt


def _bomb() -> bytes:
    """Half a gigabyte of zeros in half a megabyte."""
    texts = whole()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(MARK), VERSION)
        for name, text in texts.items():
            if name == EVIDENCE:
                with archive.open(name, "w", force_zip64=True) as stream:
                    for _ in range(130):
                        stream.write(b"\0" * 1_000_000)
            else:
                archive.writestr(name, text)
    return held.getvalue()


def _lying_bomb() -> bytes:
    """A member that says that it is small."""
    raw = b"\n" * 3_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    squeezed = packer.compress(raw) + packer.flush()
    data = packed(whole())
    small = zlib.compressobj(9, zlib.DEFLATED, -15)
    evidence = whole()[EVIDENCE].encode()
    was = small.compress(evidence) + small.flush()
    return data.replace(was, squeezed[: len(was)])


def _deep(depth: int) -> bytes:
    rows = [json.loads(whole()[EVIDENCE]) | {"because": [number + 1]} for number in range(depth)]
    return packed(whole(**{EVIDENCE: "".join(json.dumps(row) + "\n" for row in [*rows, json.loads(whole()[EVIDENCE])])}))


def _doubling() -> bytes:
    """Facts that each rest twice on the next: 2 to the 39th in forty lines."""
    rows = [json.loads(whole()[EVIDENCE]) | {"because": [number + 1] * 2} for number in range(38)]
    return packed(whole(**{EVIDENCE: "".join(json.dumps(row) + "\n" for row in [*rows, json.loads(whole()[EVIDENCE])])}))


HARM: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "no capture"),
    "a text": (lambda: b"GET / HTTP/1.1\n" * 100, "no capture"),
    "another archive": (lambda: packed({}, first="readme.txt"), "no capture"),
    "cut short": (lambda: packed(whole())[:-300], "cut short"),
    "a byte changed": (lambda: packed(whole()).replace(b"PK\x01\x02", b"PK\x01\x03", 1), "damaged|members are others"),
    "a member too many": (lambda: packed(whole() | {"more.json": "{}"}), "members are others"),
    "a member that climbs": (lambda: packed({"../../etc/passwd" if name == LINES else name: text for name, text in whole().items()}), "members are others"),
    "thousands of members": (lambda: packed({**whole(), **{f"{number}": "" for number in range(7_000)}}), "no capture|members are others|cut short"),
    "another version": (lambda: packed(whole(), version="7"), "another version of the layout: 7"),
    "another schema": (lambda: packed(whole(said={"schema": "callcheck-capture/7"})), "schema is not"),
    "changed afterwards": (lambda: packed(whole() | {LOOKS: "[]"}), "was changed"),
    "a bomb": (_bomb, "unpacks to over"),
    "a bomb that lies": (_lying_bomb, "damaged|changed"),
    "no object": (lambda: packed(whole(**{LOOKS: "7"})), "looks.json"),
    "brackets": (lambda: packed(whole(**{CONTEXT: "[" * 200_000})), "context.json"),
    "a number without end": (lambda: packed(whole(fact={"line": 10**400})), "evidence.jsonl: line"),
    "digits without end": (lambda: packed(whole(**{EVIDENCE: '{"line": ' + "9" * 50_000 + "}\n"})), "evidence.jsonl"),
    "no number": (lambda: packed(whole(**{EVIDENCE: '{"line": NaN}\n'})), "evidence.jsonl: NaN is no number"),
    "a negative line": (lambda: packed(whole(fact={"line": -1})), "line is no number"),
    "a wrong attribute": (lambda: packed(whole(fact={"attributes": {"callcheck.instance.count": "2", "service.name": ""}})), "callcheck.instance.count"),
    "a wrong basis": (lambda: packed(whole(fact={"basis": "rumoured"})), "basis"),
    "a line without end": (lambda: packed(whole(fact={"excerpt": "x" * 200_000})), "over 100000 bytes"),
    "lines without end": (lambda: packed(whole(**{LINES: "{}\n" * 300_000})), "over 200000 lines"),
    "depth": (lambda: _deep(60), "deep"),
    "a circle": (lambda: packed(whole(fact={"because": [0]})), "circle"),
    "a line that is not there": (lambda: packed(whole(fact={"because": [5]})), "not there"),
    "doubling": (_doubling, "rests on over"),
}


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.replace(" ", "-"))
def test_what_is_no_capture_or_means_harm_is_refused_soon_and_says_why(harm: str, tmp_path: Path) -> None:
    build, why = HARM[harm]
    path = tmp_path / "x.ccb"
    path.write_bytes(build())
    began = time.perf_counter()
    with pytest.raises(SourceError, match=why):
        read(path, "x.ccb")
    assert time.perf_counter() - began < 3
    assert [each.name for each in tmp_path.iterdir()] == ["x.ccb"]


def test_every_member_is_looked_for_by_its_name() -> None:
    assert (MARK, *whole()) == MEMBERS
