"""One hand-made report, and the files that it speaks of."""

from __future__ import annotations

from pathlib import Path

from callcheck.model.diagnosis import Diagnosed, Report, Weighed
from callcheck.model.evidence import Evidence, Ledger, Location, Looked, Lost
from callcheck.model.facts.delivery import EventEmitted, ListenerRegistered
from callcheck.model.facts.deployment import Instances, InstancesFactor, StickySessions
from callcheck.model.facts.logs import LogInstances, LogSample
from callcheck.model.facts.memory import DeliveryInMemory
from callcheck.model.left_out import LeftOut
from callcheck.model.rule import Clause, Condition, Fix, Rule, Snippet, Way
from callcheck.model.swimlane import ARRIVED, STOPPED, UNSEEN, WAITING, Delivery, Mark, Swimlane
from callcheck.model.target import Target
from callcheck.model.words import Basis, Lifetime, Outcome, Strength

FILES = {
    "src/server.ts": """import express from "express";
import { EventEmitter } from "node:events";

const bus = new EventEmitter();
const app = express();

app.get("/jobs/:id/progress", (req, res) => {
  res.setHeader("content-type", "text/event-stream");
  bus.on("job.progress", (step) => res.write(`data: ${step}\\n\\n`));
});

app.post("/jobs/:id/steps", (req, res) => {
  bus.emit("job.progress", req.body.step);
  res.sendStatus(204);
});
""",
    "logs/web.log": "\n".join([*("x",) * 11, "KeyError", "  traceback", "KeyError: 'step'"]),
    "k8s/web.yaml": """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 4
  template:
    spec: {}
""",
}


def lines(path: str, first: int, last: int) -> list[str]:
    """What the eyes would read."""
    return FILES.get(path, "").splitlines()[first - 1 : last]


def listener(
    path: str = "src/server.ts", line: int = 9, event: str = "job.progress", excerpt: str = "", column: int | None = 3
) -> Evidence:
    fact = ListenerRegistered(
        event=event,
        emitter="src/server.ts:4",
        lifetime=Lifetime.PROCESS,
        role="request",
        framework="node-events",
        source="emitter",
        language="typescript",
    )
    return Evidence(fact, Basis.INFERRED, "listeners", Location(path, line, column), excerpt)


def emission(path: str = "src/server.ts", line: int = 13, event: str = "job.progress") -> Evidence:
    fact = EventEmitted(
        event=event,
        emitter="src/server.ts:4",
        lifetime=Lifetime.PROCESS,
        role="request",
        framework="node-events",
        source="emitter",
        language="typescript",
    )
    return Evidence(fact, Basis.INFERRED, "listeners", Location(path, line, 3))


def instances() -> Evidence:
    factor = InstancesFactor(4, False, "replicas", "kubernetes", "web", "replicas: 4")
    said = Evidence(factor, Basis.DECLARED, "kubernetes", Location("k8s/web.yaml", 6, 3), "  replicas: 4", "web")
    return Evidence(Instances(4, False, "web"), Basis.DECLARED, "instances", None, because=(said,))


def rule(cause: str = "cross-process-delivery", stage: str = "transport", explain: str = "") -> Rule:
    """A rule with everything that a report may show."""
    return Rule(
        cause,
        stage,
        "{callcheck.event.name} is awaited in one process and emitted in another",
        (Way((Condition("delivery.in_memory"), Condition("instances"))),),
        explain=explain
        or "An `EventEmitter` lives in the memory of one process. With several processes behind one address, the request that emits often reaches "
        "another process than the one that listens, and there nobody hears it. It works with one process, and with luck with two.",
        confirm="Scale to one replica. If every event arrives then, this is it.",
        fix=(
            Fix(
                "Send the event through Redis, which every process hears",
                (
                    Snippet(
                        "typescript",
                        'bus.emit("job.progress", step);',
                        'await redis.publish("job.progress", JSON.stringify(step));\n// in every process, once:\nsubscriber.subscribe("job.progress", send);',
                    ),
                ),
                check="Post a step ten times; each stream shows ten.",
            ),
            Fix("Store the progress, and let the stream read it from the database"),
        ),
        references=("https://nodejs.org/api/events.html",),
    )


def diagnosed() -> Diagnosed:
    heard, sent = listener(), emission()
    fact = DeliveryInMemory(
        event="job.progress",
        emitter="src/server.ts:4",
        register_role="request",
        emit_role="request",
        language="typescript",
    )
    joined = Evidence(fact, Basis.INFERRED, "deliveries", heard.where, because=(heard, sent))
    clause = Clause(
        Condition("listener.registered"),
        Strength.FAIR,
        "the listener is attached by one request and the event is emitted by another",
    )
    against = Clause(
        Condition("sticky.sessions"), Strength.WEAK, "sessions stick by cookie, so one client stays with one process"
    )
    sticky = Evidence(StickySessions("cookie", "web"), Basis.DECLARED, "nginx", Location("nginx.conf", 12))
    told = rule()
    return Diagnosed(
        told,
        0.9312,
        "job.progress is awaited in one process and emitted in another",
        (joined, instances()),
        (Weighed(clause, clause.because, (heard,), 1.0),),
        (Weighed(against, against.because, (sticky,), -0.5),),
        (Condition("bus.shared"),),
        fixes=told.fix,
    )


def rival() -> Diagnosed:
    told = rule("late-registration", "registration", "Emitted first, awaited later.")
    return Diagnosed(told, 0.3412, "job.progress may have gone out before anybody listens", (listener(),))


LEFT_OUT = (
    LeftOut("ignored", "ignored by git", 2, 1, names=("gen/", "src/a.gen.ts", "src/b.gen.ts")),
    LeftOut("installed", "installed packages", 0, 2, names=("node_modules/", "web/node_modules/"), expected=True),
    LeftOut("tests", "tests, not read in trees with over 1 MB of source", 1204, names=("a.test.ts", "b.test.ts", "c.test.ts", "d.test.ts", "e.test.ts")),
    LeftOut("callers", "used by so many files that their callers were not looked for", functions=1, names=("getBus (src/bus.ts:3)",)),
)  # fmt: skip


def report(*diagnoses: Diagnosed) -> Report:
    looks = [
        Looked("listeners", frozenset({ListenerRegistered.kind, EventEmitted.kind}), Outcome.PART, "some parts could not be read", (Lost("src/vendor.min.js", "5,242,880 bytes, more than 1,000,000: left out"),)),
        Looked("kubernetes", frozenset({InstancesFactor.kind}), Outcome.DONE),
        Looked("pm2", frozenset({InstancesFactor.kind}), Outcome.NOTHING, "no ecosystem file"),
        Looked("procfile", frozenset({InstancesFactor.kind}), Outcome.NOTHING, "no Procfile"),
        Looked("processes", frozenset(), Outcome.BLOCKED, "no permission to read /proc/1"),
        Looked("deliveries", frozenset({DeliveryInMemory.kind}), Outcome.PART, "what it joins was not seen in full", joins=True),
    ]  # fmt: skip
    evidence = [item for d in diagnoses for item in d.evidence]
    return Report(
        diagnoses,
        Ledger(evidence, looks),
        Target(Path("/srv/app"), (".",), (Path("/srv/app"),)),
        "0.1.0",
        0.42,
        ("typescript",),
        ("node-events",),
        left_out=LEFT_OUT if diagnoses else (),
    )


def full() -> Report:
    """A likely cause and a rival."""
    return report(diagnosed(), rival())


def failing() -> Diagnosed:
    """A cause that a log shows: one line with its traceback, and further ones that say the same."""

    def at(shows: str, line: int, end: int | None = None, path: str = "logs/web.log") -> Evidence:
        text = (
            f"worker-1 | KeyError at {line} while the callback of a rather long running job was called with its payload"
        )
        fact = LogSample(shows) if shows == "again here" else LogInstances(count=9, service="web")
        return Evidence(fact, Basis.OBSERVED, "log_errors", Location(path, line, None, end), text)

    told = rule("handler-exception", "handling")
    grounds = (at("lead", 12, 14), at("again here", 14), *(at("again here", 20 + n) for n in range(8)))
    return Diagnosed(
        told, 0.6, "The handler raises", (*grounds, at("again here", 3, path="logs/other.log")), fixes=told.fix
    )


def lanes(count: int = 40) -> Swimlane:
    """Deliveries between four processes: where another one listens, they stop; some fail, some cannot be seen, some are never emitted."""

    def delivery(number: int) -> Delivery:
        begun = 1_773_043_200 + number * 0.25
        listens, emits = f"web-{number % 4}", f"web-{number * 7 // 3 % 4}"

        def mark(stage: str, instance: str, after: float, line: int) -> Mark:
            return Mark(stage, instance, begun + after, Location("logs/web.log", number * 3 + line))

        registered, emitted, handled = mark("registered", listens, 0, 1), mark("emitted", emits, 1.2, 2), mark("handled", listens, 1.21, 3)
        event = "job.failed" if number % 11 == 3 else "job.done"
        if number % 13 == 5:
            return Delivery(f"job-{number}", event, WAITING, "", (registered,))
        if number % 13 == 6:
            return Delivery(f"job-{number}", event, UNSEEN, "", (registered, emitted))
        if number % 13 == 7:
            return Delivery(f"job-{number}", event, STOPPED, "threw", (registered, emitted, mark("failed", listens, 1.3, 3)))
        if listens != emits:
            return Delivery(f"job-{number}", event, STOPPED, "other-process", (registered, emitted))
        return Delivery(f"job-{number}", event, ARRIVED, "", (registered, emitted, handled))

    return Swimlane(tuple(map(delivery, range(count))), 3, 2)
