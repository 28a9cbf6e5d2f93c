"""What do the lines of an OpenTelemetry file exporter say, one JSON object a batch of spans or log records?

{"resourceSpans":[{"resource":{"attributes":[...]},"scopeSpans":[{"spans":[{"traceId":"..","name":"send seat.taken","kind":4,...}]}]}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from callcheck.model.log import Level
from callcheck.sources.logs import times

_PRODUCER, _CONSUMER, _CLIENT, _SERVER = 4, 5, 3, 2
_MOST = 60
_MOST_LINKS = 128
"""As many as a span has by default (OTEL_SPAN_LINK_COUNT_LIMIT)."""

Entry = dict[str, Any]
"""message, time, level, instance and logger of one span or log record."""


def is_otlp(value: dict[str, Any]) -> bool:
    """Whether the object is a batch."""
    return isinstance(value.get("resourceSpans"), list) or isinstance(value.get("resourceLogs"), list)


def entries(value: dict[str, Any]) -> Iterator[Entry]:
    """Every span and log record as one line would say it; a span that ends in an error says so."""
    for batch in _dicts(value.get("resourceSpans")):
        who = _who(batch)
        for scope in _dicts(batch.get("scopeSpans")):
            for span in _dicts(scope.get("spans")):
                # A consumer may continue the producer's trace or only link to it, one that takes a batch to the trace of each message.
                links = [str(link["traceId"]) for link in _dicts(span.get("links")) if link.get("traceId")]
                for trace in dict.fromkeys(links[:_MOST_LINKS]) or [str(span.get("traceId", ""))]:
                    yield _span(span, who, trace)
    for batch in _dicts(value.get("resourceLogs")):
        who = _who(batch)
        for scope in _dicts(batch.get("scopeLogs")):
            for record in _dicts(scope.get("logRecords")):
                yield _record(record, who, scope)


def _span(span: Entry, who: str, trace: str) -> Entry:
    said = _attributes(span)
    name = str(span.get("name", ""))
    does = said.get("messaging.operation.type") or said.get("messaging.operation") or ""
    destination = said.get("messaging.destination.name") or said.get("messaging.destination") or ""
    # An exchange is told by the routing key what an event is: the key names it at both ends, and the queue one end alone.
    routed = said.get("messaging.rabbitmq.destination.routing_key") or said.get("messaging.rabbitmq.routing_key") or ""
    event, through = (routed, f" through={destination}") if routed and destination and routed != destination else (destination, "")
    kind = span.get("kind")
    if destination and (does in ("send", "publish", "create") or kind in (_PRODUCER, "SPAN_KIND_PRODUCER")):
        text = f"published event={event} trace={trace}{through}"
    elif destination and (does in ("process", "deliver", "receive") or kind in (_CONSUMER, "SPAN_KIND_CONSUMER")):
        text = f"handled event={event} trace={trace}{through}"
    else:
        text = f"span {name} trace={trace}"
    raised = [_attributes(event) for event in _dicts(span.get("events")) if event.get("name") == "exception"]
    status = span.get("status") or {}
    failed = isinstance(status, dict) and status.get("code") in (2, "STATUS_CODE_ERROR")
    more: list[str] = []
    if raised or failed:
        error = raised[0] if raised else {}
        shown = error.get("exception.message") or (status.get("message", "") if isinstance(status, dict) else "")
        text += f" error: {error.get('exception.type', 'error')}: {shown}"
        more = str(error.get("exception.stacktrace", "")).split("\n")[:_MOST]
    rest = " ".join(f"{key}={said[key]}" for key in _TELLING if key in said)
    return {
        "message": f"{text} {rest}".strip(),
        "more": [line for line in more if line],
        "time": times.seconds(span.get("startTimeUnixNano")),
        "level": Level.ERROR if failed or raised else Level.INFO,
        "instance": who,
    }


_TELLING = ("http.request.method", "url.full", "server.address", "http.response.status_code", "gen_ai.system", "gen_ai.request.model")


def _record(record: Entry, who: str, scope: Entry) -> Entry:
    said = _attributes(record)
    number = record.get("severityNumber")
    rest = " ".join(f"{key}={value}" for key, value in said.items() if "\n" not in value and not key.startswith("exception."))
    text = _value(record.get("body"))
    if "exception.type" in said:
        text = f"{text} {said['exception.type']}: {said.get('exception.message', '')}"
    trace = f" trace={record['traceId']}" if record.get("traceId") else ""
    named = scope.get("scope")
    return {
        "message": f"{text} {rest}".strip() + trace,
        "more": said.get("exception.stacktrace", "").split("\n")[:_MOST] if said.get("exception.stacktrace") else [],
        "time": times.seconds(record.get("timeUnixNano") or record.get("observedTimeUnixNano")),
        "level": _level(number, record.get("severityText")),
        "instance": who,
        "logger": str(named.get("name", "")) if isinstance(named, dict) else "",
    }


def _level(number: object, text: object) -> Level:
    if isinstance(number, int) and 1 <= number <= 24:
        return Level((number - 1) // 4 * 4 + 1)
    return Level.__members__.get(str(text).upper(), Level.UNKNOWN)


def _who(batch: Entry) -> str:
    said = _attributes(batch.get("resource") or {})
    service = said.get("service.name", "")
    instance = said.get("service.instance.id") or said.get("k8s.pod.name") or said.get("host.name") or ""
    pid = said.get("process.pid", "")
    name = f"{service}:{instance}" if service and instance and service not in instance else instance or service
    return f"{name}/{pid}" if pid and name and not said.get("service.instance.id") else name


def _attributes(of: Any) -> dict[str, str]:
    if not isinstance(of, dict):
        return {}
    return {str(item["key"]): _value(item.get("value")) for item in _dicts(of.get("attributes")) if "key" in item}


def _value(value: Any) -> str:
    """OTLP's AnyValue (`{"stringValue": "x"}`) as text."""
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    for key, held in value.items():
        if key.endswith("Value"):
            return _list(held) if isinstance(held, dict) else str(held)
    return ""


def _list(held: dict[str, Any]) -> str:
    return " ".join(f"{item['key']}={_value(item.get('value'))}" if "key" in item else _value(item) for item in _dicts(held.get("values")))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
