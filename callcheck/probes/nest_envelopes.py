"""Does Nest take a message of another program for one of its own, and hand its handler only what stands under `data`?

    client.publish("farm/oxygen", JSON.stringify({ probe, data: { mg } }))       a device, or a service without Nest
    @EventPattern("farm/oxygen") on(@Payload() m) { store(m.probe, m.data.mg) }  m is { mg }, so m.probe is undefined

A message with neither `data` nor `pattern` arrives whole; one with `pattern` alone arrives as undefined. Source: @nestjs/microservices 10.4.15,
deserializers/incoming-request.deserializer.js (isExternal), which the servers of MQTT, Redis and NATS ask unless options.deserializer is given.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.alike import meets
from callcheck.sources.code.contents import fields_of, fields_under
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.message_reads import needed
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Function, Node, last_name

_WILDCARDS = {"mqtt": "/ + #", "redis": "", "nats": ". * >"}
"""Brokers whose servers in Nest ask that deserializer, with how their patterns are written (`Idiom.wildcard`)."""
_OWN_READER = pattern(r"\bdeserializer\b|\bstrategy\s*:|\bextends\s+Server(?:Mqtt|Redis|Nats)\b")
_WHY = "Nest takes a message with the key {0} for one of its own and hands on only what is under data; set options.deserializer, or give the key another name"


class NestEnvelopes:
    """Silent where the project reads messages its own way, and where what is sent is not all written out."""

    name = "nest-envelopes"
    looks_at = Sight.SOURCE
    about = ("message-in",)
    marks = ("EventPattern", "MessagePattern")
    signs = (Sign(words=("EventPattern", "MessagePattern")), Sign(words=("createMicroservice", "connectMicroservice")), Sign(words=("publish", "publishAsync"), also=("data", "pattern")))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        served = {event.rsplit(".", 1)[-1].lower() for use in code.idioms.of("broadcast") if use.framework.name == "nestjs" for event in code.idioms.events(use)} & set(_WILDCARDS)
        if not served or any(_OWN_READER.search(module.text) for module in code.project.naming("deserializer", "strategy", "extends") if "@nestjs/microservices" in module.text):
            return
        sent = [use for use in code.idioms.of("publish") if use.framework.broker in served and not is_test(use.module.path)]
        for use in code.idioms.of("message-in") if sent else ():
            if use.framework.name == "nestjs" and not is_test(use.module.path):
                yield from self._compare(code, use, sent)

    def _compare(self, code: Code, use: Use, sent: list[Use]) -> Iterator[Evidence]:
        for heard in code.idioms.events(use):
            for each in sent:
                if not any(heard and event and meets(heard, event, _WILDCARDS[each.framework.broker]) for event in code.idioms.events(each)):
                    continue
                lost = next((node for handler in code.idioms.handlers(use) if isinstance(handler, Function) for node in _lost(code, handler, each)), None)
                if lost is not None:
                    key = "data" if "data" in (fields_of(code, each) or ()) else "pattern"
                    fact = LibraryTrap("payload-mismatch", "strong", _WHY.format(key), clean(last_name(use.call.callee), 60), "nestjs", use.module.language)
                    yield seen(fact, lost, self.name, (seen(fact, each.call, self.name, label=f"what is sent here has the key {key}"),))
                    return


def _lost(code: Code, handler: Function, sent: Use) -> Iterator[Node]:
    """Where a handler reads a field of the whole message that is not in the part which it is handed."""
    whole = fields_of(code, sent) or set()
    place = _payload(handler)
    if place is None or not whole & {"data", "pattern"}:
        return
    part = fields_under(code, sent, "data") if "data" in whole else set()
    for field, node in needed(code.origins, handler, place):
        if field in whole and field not in (part if part is not None else ()):
            yield node


def _payload(handler: Function) -> str | None:
    """The place of the parameter that takes the message: the one with @Payload(), the first if none is decorated; None for one that takes a part of it."""
    decorated = {index: each for index, param in enumerate(handler.params) for each in param.decorators if isinstance(each, Call)}
    taken = [index for index, each in decorated.items() if last_name(each.callee) == "Payload" and not each.args]
    return str(taken[0]) if taken else "0" if handler.params and not decorated else None


PROBE = NestEnvelopes()
