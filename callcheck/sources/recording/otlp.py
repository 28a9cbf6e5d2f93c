"""What do exported OpenTelemetry spans tell of messages between agents, and of calls to other servers?

    {"resourceSpans": [{"resource": {...}, "scopeSpans": [{"spans": [{"name": "autogen create jobs.(default)-T", "spanId": "b1", ...}]}]}]}

OTLP in JSON lines, as the collector's file exporter writes it. autogen-core 0.7 makes a root span `autogen create` for each message, in
another trace a span `autogen publish` or `autogen send` that links to it when the message is taken up, and below that one `autogen process`
for each agent that handles it. So a `create` that nothing links to was never taken up, a `publish` without `process` has no subscriber, and a
`process` with an error is a handler that failed. Calls to others are read by `otlp_calls`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callcheck.model.noun import dataclass
from callcheck.model.recorded import Call, Channel, Emission, Failure, Listener, Process, Recording
from callcheck.sources.recording.otlp_calls import Called, called, innermost

_LARGEST_LINE = 16_000_000
_MOST_SPANS = 500_000
_ERROR = 2


@dataclass(frozen=True, slots=True)
class Span:
    """What matters of one span."""

    id: str
    trace: str
    parent: str
    verb: str
    """create, publish, send, process, ack ..."""
    destination: str
    at: int
    """Microseconds since the epoch."""
    links: tuple[str, ...]
    failed: bool
    message: str
    error: str
    service: str


def read(path: Path) -> Recording:
    """The messages and calls of a file of spans; what could not be read is in `lost`. Other spans than AutoGen's runtime's and those of clients are passed over."""
    found = Recording()
    spans: list[Span] = []
    calls: list[tuple[str, Called]] = []
    broken = 0
    try:
        with open(path, "rb") as stream:
            while raw := stream.readline(_LARGEST_LINE):
                try:
                    for service, each in _spans(json.loads(raw)):
                        if isinstance(each, Span):
                            spans.append(each)
                        else:
                            calls.append((service, each))
                except (ValueError, TypeError, AttributeError, RecursionError):
                    broken += 1
                if len(spans) + len(calls) >= _MOST_SPANS:
                    found.lost.append((path.name, f"only the first {_MOST_SPANS} spans are read"))
                    break
    except OSError as error:
        found.lost.append((path.name, error.strerror or "cannot be read"))
    if broken:
        found.lost.append((path.name, f"{broken} lines are no OTLP in JSON"))
    _tell(spans, found, path.name)
    _tell_calls(calls, found, path.name)
    return found


def _spans(document: dict[str, Any]) -> Iterator[tuple[str, Span | Called]]:
    """Those that tell something, with the service that they are of."""
    for resource in document.get("resourceSpans") or ():
        service = _attributes(resource.get("resource") or {}).get("service.name", "")
        for scope in resource.get("scopeSpans") or ():
            for span in scope.get("spans") or ():
                found = _span(span, str(service)) or called(span, _attributes(span))
                if found is not None:
                    yield str(service), found


def _span(span: dict[str, Any], service: str) -> Span | None:
    system, _, rest = str(span.get("name") or "").partition(" ")
    verb, _, destination = rest.partition(" ")
    if system != "autogen":
        return None
    said = _attributes(span)
    status = span.get("status") or {}
    links = tuple(str(link.get("spanId") or "") for link in span.get("links") or ())
    code = status.get("code")
    message = str(status.get("message") or "")
    return Span(
        str(span.get("spanId") or ""), str(span.get("traceId") or ""), str(span.get("parentSpanId") or ""), verb, str(said.get("messaging.destination") or destination),
        int(span.get("startTimeUnixNano") or 0) // 1000, links, code in (_ERROR, "STATUS_CODE_ERROR"), message, str(said.get("error.type") or message.partition(":")[0]), service,
    )  # fmt: skip


def _attributes(holder: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for each in holder.get("attributes") or ():
        value = each.get("value") or {}
        found[str(each.get("key"))] = next(iter(value.values()), "") if isinstance(value, dict) else ""
    return found


def _tell(spans: list[Span], found: Recording, file: str) -> None:
    """Turn spans into emissions, and into the listeners that are seen to handle something."""
    processes: dict[str, Process] = {}
    taken: dict[str, list[Span]] = {}
    below: dict[str, list[Span]] = {}
    for span in spans:
        if span.verb == "process":
            below.setdefault(span.parent, []).append(span)
        for link in span.links:
            taken.setdefault(link, []).append(span)
    for span in spans:
        if span.verb not in ("create", "publish", "send") or (span.verb != "create" and span.links):
            continue
        process = processes.get(span.service)
        if process is None:
            process = processes[span.service] = _process(file, span.service, "python", span.at)
            found.processes.append(process)
        found.emissions.append(_emission(span, process, taken, below))
    for span in spans:
        for handled in below.get(span.id, ()):
            process = processes.get(span.service)
            if process is not None:
                found.listeners.append(Listener(handled.id, process, Channel("autogen", span.destination), "", handled.destination, None, 0))


def _tell_calls(calls: list[tuple[str, Called]], found: Recording, file: str) -> None:
    """Turn spans of clients into calls."""
    processes = {process.instance: process for process in found.processes}
    inner = set(innermost([call for _, call in calls]))
    for service, call in sorted(calls, key=lambda each: each[1].at):
        if call not in inner:
            continue
        name = service or file
        if name not in processes:
            processes[name] = _process(file, service, "", call.at)
            found.processes.append(processes[name])
        found.calls.append(Call(call.id, processes[name], call.address, call.port, call.path, None, call.at, call.trace, call.status, call.error, call.message, call.ended or call.at))


def _process(file: str, service: str, language: str, at: int) -> Process:
    return Process(file, 0, 0, 0, "", language, "", (), "", at, instance=service or file)


def _emission(span: Span, process: Process, taken: dict[str, list[Span]], below: dict[str, list[Span]]) -> Emission:
    ways = [span] if span.verb != "create" else taken.get(span.id, [])
    handled = [each for way in ways for each in below.get(way.id, [])]
    failed = [each for each in (span, *ways, *handled) if each.failed]
    emission = Emission(span.id, process, Channel("autogen", span.destination), "", span.at, None, request=span.trace, trace=span.trace, heard=len(handled), entered=len(handled), running=bool(ways))
    if handled and failed:
        emission.failures.append(Failure("swallowed", failed[-1].error, failed[-1].message, None))
    return emission
