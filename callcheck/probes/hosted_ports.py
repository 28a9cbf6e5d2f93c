"""Is somebody outside given an address with a port at which the platform lets nobody in, or which that somebody never calls?

    bot.telegram.setWebhook(`https://${HOST}:${PORT}/bot`)                     HOST: stops.herokuapp.com, PORT: 8443
    app.run_webhook(webhook_url=os.environ["PUBLIC_URL"] + "/telegram")        bot.env: PUBLIC_URL=https://bots.example.com:9443

The routers of these platforms answer at 80 and 443 and pass on to the port that the program is told; what comes at another one waits until its sender
gives up. Sources: telegraf/telegraf#396 (Heroku); docs.appeon.com, Specifying the Web API URL (Azure App Service); cloud.google.com/run/docs/triggering/https-request
(addresses without a port); alchemy.run, Railway.CustomDomain (443 is forwarded to one port); render-oss/skills, render-web-services (one port is public).
Platforms that let an app open other ports, such as Fly.io, and those that were not looked up are left out. Telegram refuses a webhook whose port is none of
443, 80, 88 and 8443 (core.telegram.org/bots/api#setwebhook; python-telegram-bot 21, run_webhook; telegraf 4.16, launch and createWebhook).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.call_forms import given_to
from callcheck.sources.code.given import given
from callcheck.sources.code.hook_paths import CALLBACK
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Entry, Keyword, Node, last_name
from callcheck.sources.environment import Setting, settings
from callcheck.sources.environment.of_program import set_anywhere

_AT = pattern(
    r"^(?:https?://)?[\w.*-]{1,200}\.(herokuapp\.com|onrender\.com|run\.app|up\.railway\.app|azurewebsites\.net)"
    r":(?!(?:443|80)(?:[/?*]|$))(\d{2,5})(?:[/?*]|$)",
    re.IGNORECASE,
)
"""An address of a platform, with a port."""
_REGISTERS = frozenset({"setWebhook", "setWebHook", "set_webhook", "createWebhook"})
_LAUNCHES = frozenset({"launch", "createWebhook"})
"""Methods of Telegraf that register a webhook at the `domain` that they are given (telegraf 4.16.3)."""
_CALLED = pattern(r"^(?:https?://)?[\w.*-]{1,200}:(?!(?:443|80|88|8443)(?:[/?*]|$))(\d{2,5})(?:[/?*]|$)")
_BY_URL = pattern(r"/setWebhook(?:\?(?:\S{0,200}?&)?url=(\S{1,300})|$)", re.IGNORECASE)
_TELEGRAM = pattern(r"telegra|grammy|aiogram|telebot|puregram", re.IGNORECASE)
_TELLS = frozenset({"setWebhook", "setWebHook", "set_webhook", "run_webhook", "start_webhook", "launch", "createWebhook"})
"""Methods of Telegram's libraries; others' have the same names (Viber's `setWebhook`), so the file names one of these, too."""
_NEVER = "Telegram calls webhooks at ports 443, 80, 88 and 8443 only, and refuses {0}; publish one of these, or leave the port out behind a proxy"
_WHY = "{0} answers at 443 and 80 alone, and nobody who is given port {1} gets through; leave the port out, however the program listens inside"


class HostedPorts:
    """Looks at what is given away under a name of a callback, or to the method that registers a webhook."""

    name = "hosted-ports"
    looks_at = Sight.SOURCE
    about = ("calls-back",)
    marks = ("webhook", "Webhook", "WebHook", "callback", "notify")
    signs = (Sign(pattern=r"(?i)web_?hook|callback_?ur[li]|notify_?ur[li]|status_?callback"),)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        addresses = list(_given_away(code))
        variables = list(settings(eyes)) if addresses else []
        asked: set[str] = set()

        def sets(name: str) -> list[str]:
            asked.add(name)
            return set_anywhere(eyes, name)

        for call, node in addresses:
            asked.clear()
            texts = list(given(code, [node], sets=sets))
            why, port = next((told for text in texts if (told := _shut(text, _to_telegram(code, call)))), ("", ""))
            if port:
                fact = LibraryTrap("unreachable-callback-url", "strong", clean(why, 160), clean(last_name(call.callee), 60), "", module_of(call).language)
                yield seen(fact, node, self.name, tuple(_set_here(fact, each, self.name) for each in variables if each.name in asked and _holds(each, port)))


def _shut(text: str, telegram: bool) -> tuple[str, str]:
    """Why nobody comes to an address, and its port; two empty texts if somebody may."""
    at = _AT.match(text)
    if at is not None:
        return _WHY.format(at[1], at[2]), at[2]
    query = _BY_URL.search(text)
    called = _CALLED.match(unquote(query[1] or "") if query is not None else text) if telegram else None
    return (_NEVER.format(called[1]), called[1]) if called is not None else ("", "")


def _to_telegram(code: Code, call: Call) -> bool:
    """Whether it is Telegram that gets the address."""
    return (last_name(call.callee) in _TELLS or _by_url(code, call)) and _TELEGRAM.search(module_of(call).text) is not None


def _by_url(code: Code, call: Call) -> bool:
    """Whether the Bot API's own method is asked for."""
    return any(_BY_URL.search(code.idioms.text(arg)) for arg in call.args[:1])


def _given_away(code: Code) -> Iterator[tuple[Call, Node]]:
    """Each value that is given away to be called back, with the call that it is given to."""
    registering = [use.call for use in code.idioms.of("calls-back")] + list(code.project.calls(*_REGISTERS))
    for call in dict.fromkeys(registering):
        if not is_test(module_of(call).path):
            yield from ((call, arg) for arg in call.args[:1])
            yield from ((call, each.value) for each in call.keywords if each.name == "url")
    for module in code.project.chosen.values():
        if "/setWebhook" in module.text and not is_test(module.path):
            yield from ((call, call.args[0]) for call in module.all(Call) if _by_url(code, call))
        named: list[tuple[Node, str | None, Node]] = [(each, each.name, each.value) for each in module.all(Keyword)] + [(each, each.key, each.value) for each in module.all(Entry)]
        for each, name, value in named if not is_test(module.path) else ():
            taker = next(iter(given_to(each)), None) if name and (CALLBACK.search(name) or name == "domain") else None
            if taker is None and name == "url":
                taker = next((call for call in given_to(each) if _by_url(code, call)), None)
            if taker is not None and (name != "domain" or last_name(taker.callee) in _LAUNCHES):
                yield taker, value


def _holds(setting: Setting, port: str) -> bool:
    return setting.value == port or f":{port}" in setting.value


def _set_here(fact: LibraryTrap, setting: Setting, probe: str) -> Evidence:
    return Evidence(fact, Basis.DECLARED, probe, setting.where, label="the port is set here")


PROBE = HostedPorts()
