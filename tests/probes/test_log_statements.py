"""Are logs and the source that wrote them laid side by side?"""

from __future__ import annotations

import json
from pathlib import Path

from callcheck.model.evidence import Evidence
from callcheck.model.facts.journeys import DeliveryFunnel
from callcheck.model.facts.log_views import DeliveryUnseen, StatementSilent
from callcheck.model.noun import replace
from callcheck.model.target import Target
from callcheck.pipeline import diagnose
from callcheck.probes.log_statements import PROBE
from callcheck.probes.log_unseen import PROBE as UNSEEN
from callcheck.report import json_v1, terminal
from callcheck.sources import Eyes
from tests.tools.shipped import shipped_knowledge, shipped_logs

KNOWN = replace(shipped_knowledge(), logs=shipped_logs)
BUS = 'import { EventEmitter } from "node:events";\nexport const bus = new EventEmitter();\n'
MAIL = """import pino from "pino";
import { bus } from "./bus";
const log = pino();
log.info("mailer is prepared");
bus.on("order.paid", (order) => {
  log.info({ order: order.id }, "receipt is on its way");
});
"""
PAY = """import pino from "pino";
import { bus } from "./bus";
const log = pino();
export function pay(id) {
  log.info(`money of ${id} has come in`);
  bus.emit("order.paid", { id });
}
"""


def entry(n: float, text: str, level: int = 30, **fields: str) -> str:
    return json.dumps(
        {"level": level, "time": int(1_744_102_802_110 + n * 1000), "pid": 1, "hostname": "a", **fields, "msg": text}
    )


def project(folder: Path, lines: list[str], mail: str = MAIL) -> Eyes:
    for name, text in {
        "src/bus.ts": BUS,
        "src/mail.ts": mail,
        "src/pay.ts": PAY,
        "app.log": "\n".join(lines) + "\n",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Eyes(Target(base=folder, folders=(folder,)), KNOWN)


def told(eyes: Eyes) -> list[Evidence]:
    return [item for item in PROBE.look(eyes.target, eyes) if isinstance(item, Evidence)]


COMING_IN = [entry(n, f"money of o{n + 100} has come in") for n in range(20)]
PREPARED = entry(-1, "mailer is prepared")


def test_a_handlers_line_that_was_never_printed_is_told_at_its_statement(tmp_path: Path) -> None:
    (found,) = told(project(tmp_path, [PREPARED, *COMING_IN]))
    assert isinstance(found.fact, StatementSilent)
    assert (found.fact.event, found.fact.count, str(found.where)) == ("order.paid", 20, "src/mail.ts:6")
    assert found.because[0].excerpt.startswith("money of")


def test_it_is_not_where_it_was_printed_or_could_not_be(tmp_path: Path) -> None:
    assert told(project(tmp_path, [PREPARED, *COMING_IN, entry(30, "receipt is on its way", order="o107")])) == []
    assert told(project(tmp_path, COMING_IN)) == [], (
        "no line of that file is here: another process may write them elsewhere"
    )
    assert told(project(tmp_path, [PREPARED, *COMING_IN], MAIL.replace("log.info({", "log.debug({"))) == []


def test_what_hides_the_handlers_line_is_said(tmp_path: Path) -> None:
    def unseen(eyes: Eyes) -> DeliveryUnseen:
        (item,) = UNSEEN.look(eyes.target, eyes)
        assert isinstance(item, Evidence)
        assert isinstance(item.fact, DeliveryUnseen)
        return item.fact

    assert unseen(project(tmp_path, COMING_IN)).log == "Give the logs of every process that loads src/mail.ts"
    assert (
        unseen(project(tmp_path, COMING_IN, MAIL.replace("log.info({", "log.debug({"))).log
        == "Set the level to debug, and look for that line"
    )


def test_lines_in_any_words_are_counted_by_where_their_statements_stand(tmp_path: Path) -> None:
    lines = [
        line
        for n in range(20)
        for line in (COMING_IN[n], *([entry(n + 0.2, "receipt is on its way", order=f"o{n + 100}")] if n % 4 else []))
    ]
    eyes = project(tmp_path, [*lines, entry(30, "mailer is prepared")])
    from callcheck.probes.log_journeys import PROBE as JOURNEYS

    (funnel,) = [
        item.fact
        for item in JOURNEYS.look(eyes.target, eyes)
        if isinstance(item, Evidence) and isinstance(item.fact, DeliveryFunnel)
    ]
    assert (funnel.event, funnel.emitted, funnel.handled) == ("order.paid", 20, 15)


def test_the_report_says_by_which_statement_a_line_was_printed(tmp_path: Path) -> None:
    failing = MAIL.replace(
        '"receipt is on its way");',
        '"receipt is on its way");\n  log.error({ order: order.id, err: mail(order) }, "receipt cannot be mailed");',
    )
    lines = [
        entry(
            n,
            "receipt cannot be mailed",
            50,
            order=f"o{n}",
            err="openai.AuthenticationError: Error code: 401 - Incorrect API key provided",
        )
        for n in range(10, 30)
    ]
    project(tmp_path, lines, failing)
    done = diagnose(Target(base=tmp_path, folders=(tmp_path,)))
    document = json_v1.document(done.report, done.eyes.lines)
    assert any(
        item.get("printed_by") == {"file": "src/mail.ts", "line": 7}
        for d in document["diagnoses"]
        for item in d["evidence"]
    )
    assert "(printed at src/mail.ts:7)" in " ".join(
        terminal.render(done.report, done.eyes.lines, terminal.Style(200)).split()
    )
    again = diagnose(Target(base=tmp_path, folders=(tmp_path,)))
    assert json_v1.document(again.report, again.eyes.lines)["diagnoses"] == document["diagnoses"]
