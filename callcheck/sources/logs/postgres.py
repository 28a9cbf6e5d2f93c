"""Which listening session does a PostgreSQL server see end, while others go on to notify the channel?

[214] board@harbour LOG:  statement: LISTEN berth_changed
[224] pilot@harbour LOG:  statement: SELECT pg_notify('berth_changed', '{"rev":401}')
[214] board@harbour LOG:  disconnection: session time: 0:00:10.075 user=board database=harbour host=10.4.0.12 port=46337
[227] pilot@harbour LOG:  statement: SELECT pg_notify('berth_changed', '{"rev":402}')          and nobody listens
[230] board@harbour LOG:  connection authorized: user=board          a pool's next connection, without LISTEN

`log_statement` and `log_disconnections` must be on. A pool resets what is given back to it, too: `UNLISTEN *; RESET ALL`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern, rare
from callcheck.sources.logs.view import View

if TYPE_CHECKING:
    from callcheck.sources.logs.brokers import Said

_SAID = rare(
    r"\[(?P<session>\d{1,7})\](?::|(?= ))[^\n]{0,200}?\b(?:LOG|DETAIL|FATAL): {1,2}(?:(?:statement|execute [^:\n]{1,80}): [^\n]{0,200}?\b(?P<verb>UNLISTEN|LISTEN|NOTIFY|pg_notify|DISCARD ALL)\b(?P<rest>[^\n]{0,200})"
    r"|[Pp]arameters: \$1 = '(?P<given>[^'\n]{1,80})'|connection received: host=(?P<host>[^\s,]{1,80})|connection authorized: user=(?P<up>[^\s,]{1,80}(?:[^\n]{0,200}? application_name=[^\s,]{1,80})?)|(?P<down>disconnection: session time|terminating connection))",
    re.I,
)
_CHANNEL = pattern(r"^[\s(]{1,4}[\"']?(?P<name>[\w.$:-]{1,63})[\"']?")
_BOUND = pattern(r"^\s{0,2}\(\s{0,2}\$1\b")
_LEAST = 3
_LONG_S = 10.0


@dataclass(slots=True)
class Ended:
    """A session that listened and is gone, or was reset."""

    down: Said
    sub: Said
    client: tuple[str, str]
    """Where it is, and its user with the name of the application; the same program connects from one place by one name."""
    missed: list[Said] = field(default_factory=list)
    until: float = 0.0
    lives: bool = False
    """The client connected again since, or its session goes on."""

    @property
    def name(self) -> str:
        """Of the client."""
        user, _, application = self.client[1].rpartition(" application_name=")
        return application or user.partition(" ")[0] or f"session {self.down.who}"


def said(view: View) -> tuple[str, str, str] | None:
    """What the record says of a session: `host`, `up`, `down`, `sub`, `reset`, `in` (a channel is notified), `bound` (one that its parameters name) or `given` (these);
    the session by its number, and where its client is, who it is or the channel."""
    found = view.find(_SAID, 900) if "[" in view.text[:200] else None
    if found is None:
        return None
    session = f"{view.instance.partition('/')[0]} {found['session']}" if not view.instance.isdigit() else found["session"]
    for what in ("host", "up", "given", "down"):
        if found[what]:
            return what, session, found[what]
    verb, rest = found["verb"].upper(), found["rest"]
    if verb in ("UNLISTEN", "DISCARD ALL"):
        # Who means to listen no more says so of his channel; a pool says it of all, and puts back what else was set.
        return ("reset", session, "") if verb != "UNLISTEN" or "reset all" in rest.lower() else ("unsub", session, "")
    if verb == "PG_NOTIFY" and _BOUND.match(rest):
        return "bound", session, ""
    name = _CHANNEL.match(rest)
    return ("sub" if verb == "LISTEN" else "in", session, name["name"]) if name else None


def ended(said: Iterable[Said]) -> Iterator[Ended]:
    """By the lines of one server, in order of time."""
    clients: dict[str, tuple[str, str]] = {}
    subs: dict[str, dict[str, Said]] = {}
    bound: dict[str, Said] = {}
    gone: dict[str, Ended] = {}
    last = 0.0
    for each in said:
        last = max(last, each.time)
        if each.what == "host":
            clients[each.who] = each.about, ""
        elif each.what == "up":
            clients[each.who] = client = clients.get(each.who, ("", ""))[0], each.about
            subs.pop(each.who, None)
            for one in gone.values():
                one.lives = one.lives or client == one.client
        elif each.what == "sub":
            subs.setdefault(each.who, {})[each.about] = each
            gone.pop(each.about, None)
        elif each.what == "unsub":
            subs.pop(each.who, None)
        elif each.what in ("down", "reset"):
            held = subs.pop(each.who, {})
            for channel, sub in held.items():
                if not any(channel in other for other in subs.values()):
                    gone[channel] = Ended(each, sub, clients.get(each.who, ("", "")), lives=each.what == "reset")
        elif each.what == "bound":
            bound[each.who] = each
        else:
            begun = bound.pop(each.who, None)
            if (each.what == "in" or begun) and each.about in gone:
                gone[each.about].missed.append(begun or each)
    for one in gone.values():
        one.until = last
        if one.lives and len(one.missed) >= _LEAST and last - one.down.time >= _LONG_S:
            yield one
