"""Do two stages of one deployment, such as staging and production, ask for the updates of one bot by the same token?

    compose.production.yml   bot: {env_file: env/slack.env}
    compose.staging.yml      bot: {env_file: env/slack.env}        # about half of the events end here
    compose.yaml             services bot and bot-staging with TOKEN: ${BOT_TOKEN}; of a blueprint of Render, both of one group of variables
    values.yaml              slack: {vaultKey: desk/slack}         # by which an ExternalSecret takes it, in values-staging.yaml too

Telegram ends the long poll of one for the other's (core.telegram.org/bots/api, getUpdates), and Slack hands each payload to one of the connections
of an app's token (docs.slack.dev/apis/events-api/using-socket-mode, "Using multiple connections").
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tokens import TRAITS, Poller, chosen, pollers, token_of
from callcheck.sources.documents import value_at
from callcheck.sources.environment.of_program import place
from callcheck.sources.environment.per_stage import DEVELOPMENT, Stages, per_stage
from callcheck.sources.environment.setting import Setting

_STANDS_FOR = pattern(r"(?i)change|replace|your|example|placeholder|dummy|secret|token|x{3}|<|\.{3}|\{\{")
"""A value that is to be written over, which several files may have in common."""
_STORED = pattern(r"^arn:aws[\w-]*:(?:secretsmanager|ssm):[\w-]*:\d+:")
"""The full name of an entry in a store of AWS, account and all (ECS, secrets)."""


_FILLED_ONCE = frozenset({"compose", "render"})
"""Systems that fill in one file at a time, for all its services alike: what is kept under one name is one value."""


class SharedTokens:
    """Silent where a program chooses by its stage whether it polls."""

    name = "shared-tokens"
    looks_at = Sight.SOURCE
    about = tuple(sorted(TRAITS))
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        stages: Stages | None = None
        for poll in pollers(eyes.code):
            token = token_of(eyes.code, poll.programs or None)
            if token is None or chosen(poll):
                continue
            stages = per_stage(eyes) if stages is None else stages
            held = {stage: given[token.variable] for stage, given in stages.items() if token.variable in given}
            for stage, other in _pairs(held):
                one, beside = held[stage], held[other]
                if _same(one, beside, DEVELOPMENT.isdisjoint((stage, other))) and not (_left_out(eyes, one) or _left_out(eyes, beside)):
                    why = f"{stage} and {other} ask for updates by the same token, and each goes to one of them; give {stage} an app or bot of its own"
                    fact = LibraryTrap("competing-consumers", "strong", clean(why, 160), clean(token.variable, 60), poll.use.framework.name, poll.use.module.language)
                    because = [seen(fact, poll.use.call, self.name, label="they are asked for here")]
                    because += [] if one.file is beside.file else [_said(fact, beside, f"{other} uses the same")]
                    yield _said(fact, one, "", because=tuple(because))
                    return
            if found := next(self._from_store(eyes, poll, token.variable), None):
                yield found
                return

    def _from_store(self, eyes: Eyes, poll: Poller, variable: str) -> Iterator[Evidence]:
        """Stages whose pods are given the token by one key of one store of secrets."""
        from callcheck.sources.environment.store_keys import layers, one_store

        stages = eyes.once(("store-keys",), lambda: layers(eyes))
        held = {stage: key for stage, layer in stages.items() if (key := layer.key(variable)) is not None}
        for stage, other in _pairs(held):
            if held[stage].key == held[other].key and one_store(stages[stage], held[stage], stages[other], stage != "production"):
                why = f"{stage} and {other} take {clean(variable, 30)} by the same key of the store, and each event goes to one of them; give {stage} an app of its own"
                fact = LibraryTrap("competing-consumers", "strong", clean(why, 160), clean(variable, 60), poll.use.framework.name, poll.use.module.language)
                because = [seen(fact, poll.use.call, self.name, label="events are asked for here")]
                if held[stage].where != held[other].where:
                    because.append(Evidence(fact, Basis.DECLARED, self.name, held[other].where, label=f"{other} uses the same"))
                yield Evidence(fact, Basis.DECLARED, self.name, held[stage].where, because=tuple(because))


def _pairs(held: Collection[str]) -> Iterator[tuple[str, str]]:
    """Stages two by two, production last."""
    order = sorted(held, key=lambda stage: (stage == "production", stage))
    yield from ((one, other) for at, one in enumerate(order) for other in order[at + 1 :])


def _same(one: Setting, other: Setting, lasting: bool) -> bool:
    """Whether two stages have one token: one file says it for both, or both say the same. A `.env` is another one on each machine."""
    if one.file == other.file and one.line == other.line and one.value:
        return lasting or one.file.base != ".env"
    if one.secret and place(one.secret) == place(other.secret):
        return bool(_STORED.match(one.secret)) or (lasting and one.file == other.file and one.system == other.system and one.system in _FILLED_ONCE)
    return bool(one.value) and one.value == other.value and len(one.value) > 8 and not _STANDS_FOR.search(one.value)


def _left_out(eyes: Eyes, each: Setting) -> bool:
    """Whether Compose starts the service only if its profile is asked for."""
    return each.system == "compose" and each.file.suffix in (".yml", ".yaml") and bool(value_at(eyes.document(each.file), "services", each.unit, "profiles"))


def _said(fact: LibraryTrap, each: Setting, label: str, because: tuple[Evidence, ...] = ()) -> Evidence:
    return Evidence(fact, Basis.DECLARED, "shared-tokens", each.where, label=label, because=because)


PROBE = SharedTokens()
