"""What does one file of a recording tell, line by line?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from callcheck.model.noun import replace
from callcheck.model.recorded import (
    Call,
    Channel,
    Emission,
    Emitter,
    Failure,
    Fault,
    Listener,
    Process,
    Recording,
    Request,
    Tally,
)
from callcheck.sources.recording.lines import Line, number, place, text

_FAULTS = {
    "process.uncaught": "uncaught",
    "process.unhandled_rejection": "unhandled-rejection",
    "process.warning": "warning",
    "asyncio.unhandled": "asyncio",
    "future.failed": "future",
    "thread.uncaught": "thread",
    "run.threw": "run",
}
_FAILURES = {
    "handler.threw": "threw",
    "handler.rejected": "rejected",
    "handler.swallowed": "swallowed",
    "handler.pending": "pending",
    "handler.unhandled_type": "untyped",
}


class Replay:
    """Adds what one file tells to a recording; lines that do not say what they should are left out and counted."""

    def __init__(self, into: Recording, file: str) -> None:
        self.into = into
        self.file = file
        self.unread = 0
        self._process: Process | None = None
        self._listeners: dict[str, Listener] = {}
        self._emissions: dict[str, Emission] = {}
        self._calls: dict[str, Call] = {}
        self._requests: dict[str, Request] = {}
        self._unplaced: dict[int, tuple[list[Any], int]] = {}
        self._read: dict[str, Callable[[Line, Process], None]] = {
            "process.identified": self._identified,
            "process.exit": self._ended,
            "emitter.seen": self._emitter,
            "listener.added": self._added,
            "listener.removed": self._removed,
            "listener.collected": self._removed,
            "listener.removed_all": self._removed_all,
            "event.emitted": self._emitted,
            "event.delivered": self._delivered,
            "event.count": self._counted,
            "handler.entered": self._entered,
            "request.started": self._request,
            "request.ended": self._answered,
            "request.threw": self._request_threw,
            "upstream.started": self._called,
            "upstream.ended": self._call_ended,
            "upstream.open": self._call_open,
            "runtime.start": self._runtime,
            "runtime.stop": self._runtime_stopped,
            "agent.skipped": self._skipped,
            "error.located": self._located,
            **dict.fromkeys(_FAULTS, self._fault),
            **dict.fromkeys(_FAILURES, self._failed),
        }

    def play(self, lines: Iterable[Line]) -> None:
        """All lines, in their order."""
        for line in lines:
            if line["fact"] == "process.started":
                self._started(line)
                continue
            process = self._process
            if process is None:
                self.unread += 1
                continue
            process.last = max(process.last, line["ts"])
            read = self._read.get(line["fact"])
            if read is not None:
                read(line, process)

    def _started(self, line: Line) -> None:
        if line.get("schema") != 1:
            self.unread += 1
            return
        command = line.get("process.command_args")
        self._process = Process(
            file=self.file,
            pid=number(line, "process.pid"),
            parent=number(line, "process.parent_pid"),
            thread=number(line, "thread.id"),
            host=text(line, "host.name"),
            language="python" if line.get("agent") == "python" else "javascript",
            runtime=f"{text(line, 'process.runtime.name')} {text(line, 'process.runtime.version')}".strip(),
            command=tuple(str(part) for part in command) if isinstance(command, list) else (),
            folder=text(line, "process.working_directory"),
            started=line["ts"],
            instance=_instance(line),
            last=line["ts"],
        )
        self.into.processes.append(self._process)

    def _identified(self, line: Line, process: Process) -> None:
        process.instance = _instance(line) or process.instance
        command = line.get("process.command_args")
        if isinstance(command, list):
            process.command = tuple(str(part) for part in command)

    def _ended(self, line: Line, process: Process) -> None:
        process.ended = line["ts"]

    def _emitter(self, line: Line, process: Process) -> None:
        id = text(line, "emitter.id")
        self.into.emitters[self.file, id] = Emitter(id, process, text(line, "messaging.system"), place(line), text(line, "req"), line["ts"], text(line, "emitter.class"))

    def _added(self, line: Line, process: Process) -> None:
        id = text(line, "listener.id")
        made = Listener(
            id=id,
            process=process,
            channel=_channel(line),
            emitter=text(line, "emitter.id"),
            name=text(line, "listener.name"),
            place=place(line),
            added=line["ts"],
            request=text(line, "req"),
            once=line.get("listener.once") is True,
            weak=line.get("listener.weak") is True,
            count=number(line, "count"),
        )
        self._listeners[id] = made
        self.into.listeners.append(made)

    def _removed(self, line: Line, process: Process) -> None:
        listener = self._listeners.get(text(line, "listener.id"))
        if listener is None or listener.gone is not None:
            return
        listener.gone = line["ts"]
        listener.how = "collected" if line["fact"] == "listener.collected" else "spent" if line.get("listener.once") is True and "code.file.path" not in line else "removed"
        listener.gone_at = place(line)

    def _removed_all(self, line: Line, process: Process) -> None:
        of = text(line, "emitter.id")
        channel = _channel(line)
        for listener in self._listeners.values():
            if listener.emitter == of and listener.gone is None and (not channel.name or listener.channel == channel):
                listener.gone, listener.how, listener.gone_at = line["ts"], "removed", place(line)

    def _emitted(self, line: Line, process: Process) -> None:
        id = text(line, "messaging.message.id")
        count = line.get("listener.count")
        made = Emission(
            id=id,
            process=process,
            channel=_channel(line),
            emitter=text(line, "emitter.id"),
            at=line["ts"],
            place=place(line),
            request=text(line, "req"),
            trace=text(line, "trace_id"),
            heard=count if isinstance(count, int) else None,
            running=line.get("running") is not False,
            type=text(line, "messaging.message.type"),
        )
        self._emissions[id] = made
        self.into.emissions.append(made)

    def _delivered(self, line: Line, process: Process) -> None:
        emission = self._emissions.get(text(line, "messaging.message.id"))
        count = line.get("listener.count")
        if emission is not None and isinstance(count, int):
            emission.heard = count

    def _entered(self, line: Line, process: Process) -> None:
        emission = self._emissions.get(text(line, "messaging.message.id"))
        if emission is not None:
            emission.entered += 1

    def _failed(self, line: Line, process: Process) -> None:
        emission = self._emissions.get(text(line, "messaging.message.id"))
        if emission is not None:
            kind = _FAILURES[line["fact"]]
            said = text(line, "messaging.message.type") if kind == "untyped" else text(line, "exception.message")
            self._place_later(line, emission.failures)
            emission.failures.append(Failure(kind, text(line, "error.type"), said, place(line), text(line, "listener.id")))
        elif "messaging.message.id" not in line:
            self._task_failed(line, process)

    def _task_failed(self, line: Line, process: Process) -> None:
        """In a worker, to which a message came from a broker."""
        if line["fact"] == "handler.unhandled_type":
            fault = Fault("unknown-task", process, "", "", None, line["ts"], True, text(line, "messaging.message.type"))
        else:
            listener = self._listeners.get(text(line, "listener.id"))
            name = listener.channel.name if listener else ""
            fault = Fault("task", process, text(line, "error.type"), text(line, "exception.message"), place(line), line["ts"], True, name)
        self.into.faults.append(fault)

    def _counted(self, line: Line, process: Process) -> None:
        numbers = (number(line, name) for name in ("count", "unheard", "threw"))
        self.into.tallies.append(Tally(process, _channel(line), text(line, "emitter.id"), *numbers))

    def _request(self, line: Line, process: Process) -> None:
        id = text(line, "req")
        made = Request(id, process, text(line, "http.request.method"), text(line, "url.path"), line["ts"], text(line, "trace_id"))
        self._requests[id] = made
        self.into.requests.append(made)

    def _answered(self, line: Line, process: Process) -> None:
        request = self._requests.get(text(line, "req"))
        if request is not None:
            request.status, request.ended = number(line, "http.response.status_code"), line["ts"]

    def _request_threw(self, line: Line, process: Process) -> None:
        request = self._requests.get(text(line, "req"))
        if request is not None:
            request.failure = Failure("threw", text(line, "error.type"), text(line, "exception.message"), place(line))

    def _called(self, line: Line, process: Process) -> None:
        id = text(line, "upstream.id")
        made = Call(id, process, text(line, "server.address"), number(line, "server.port"), text(line, "url.path"), place(line), line["ts"], text(line, "req"))
        self._calls[id] = made
        self.into.calls.append(made)

    def _call_ended(self, line: Line, process: Process) -> None:
        call = self._calls.get(text(line, "upstream.id"))
        if call is not None:
            call.status, call.error, call.message = number(line, "http.response.status_code"), text(line, "error.type"), text(line, "exception.message")
            call.ended = line["ts"]

    def _call_open(self, line: Line, process: Process) -> None:
        call = self._calls.get(text(line, "upstream.id"))
        if call is not None and call.ended is None and not call.error:
            call.error = "no answer"

    def _fault(self, line: Line, process: Process) -> None:
        swallowed = line["fact"] == "process.unhandled_rejection" and number(line, "listener.count") > 0
        fault = Fault(_FAULTS[line["fact"]], process, text(line, "error.type"), text(line, "exception.message"), place(line), line["ts"], swallowed)
        self._place_later(line, self.into.faults)
        self.into.faults.append(fault)

    def _place_later(self, line: Line, into: list[Any]) -> None:
        """Remembers where the error of this line is put, for the place that `error.located` tells a little later."""
        if "code.file.path" not in line:
            self._unplaced[number(line, "seq")] = (into, len(into))

    def _located(self, line: Line, process: Process) -> None:
        into, index = self._unplaced.pop(number(line, "of"), ([], 0))
        for error in into[index : index + 1]:
            into[index] = replace(error, place=place(line))

    def _runtime(self, line: Line, process: Process) -> None:
        self.into.started.append((self.file, text(line, "emitter.id")))

    def _runtime_stopped(self, line: Line, process: Process) -> None:
        self.into.stopped[self.file, text(line, "emitter.id")] = line["ts"]

    def _skipped(self, line: Line, process: Process) -> None:
        what = text(line, "what")
        process.skipped[what] = process.skipped.get(what, 0) + max(number(line, "count"), 1)


def _channel(line: Line) -> Channel:
    return Channel(text(line, "messaging.system"), text(line, "messaging.destination.name"))


def _instance(line: Line) -> str:
    for key, said in (("pm2.id", "pm2 {}"), ("cluster.worker.id", "worker {}"), ("k8s.pod.name", "{}")):
        if text(line, key):
            return said.format(text(line, key))
    return ""
