"""How do the servers and workers of Rails and Laravel read their command lines?

    bundle exec puma -C config/puma.rb         bin/rails server         bundle exec sidekiq -q mails,2 -q default         bin/jobs start
    php artisan queue:work redis --queue=high,default                   php artisan octane:start

Sources: github.com/sidekiq/sidekiq/wiki/Advanced-Options (`-q name,weight`; without it config/sidekiq.yml, else `default`); laravel.com/docs/queues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcheck.model.noun import replace
from callcheck.sources.launch.roles import role_of_name
from callcheck.sources.launch.started import Reader, Started, counted, option
from callcheck.sources.launch.words import Word, expanded

_ARTISAN = {"octane:start": "web", "serve": "web", "reverb:start": "web", "schedule:work": "scheduler", "schedule:run": "scheduler", "horizon": "worker", "pulse:check": "worker"}
_WORKS = {"jobs:work": "delayed_job", "resque:work": "resque", "resque:workers": "resque", "solid_queue:start": "solid_queue", "backburner:work": "backburner:work", "que": "que"}
"""Rake's tasks, and the library whose workers they are."""


def _puma(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    found = option(words, "-w", "--workers")
    return counted("puma", found, env) if found else Started("puma", "", "web", count=None)


def _sidekiq(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    queues = [after.text for word, after in zip(words, words[1:], strict=False) if word.text in ("-q", "--queue")]
    named = ",".join(expanded(each, env).split(",")[0] for each in queues)
    return Started("sidekiq", "", "worker", count=None, queues=named)


def _rails(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    texts = [word.text for word in words]
    if program == "rails" and texts[:1] and texts[0] in ("server", "s"):
        return Started("puma", "", "web", count=None)
    work = next((_WORKS[text.partition("[")[0]] for text in texts if text.partition("[")[0] in _WORKS), "")
    return Started(work, "", "worker", count=None) if work else None


def _good_job(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started:
    return Started(program, "", "worker", count=None)


def _php(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    rest = [word for word in words if not word.text.startswith("-d")]
    if not rest or rest[0].text.rsplit("/", 1)[-1] != "artisan":
        return Started("php", rest[0].text, role_of_name(rest[0].text)) if rest and rest[0].text.endswith(".php") else None
    return _artisan("artisan", rest[1:], env)


def _artisan(program: str, words: Sequence[Word], env: Mapping[str, str]) -> Started | None:
    verb = next((word.text for word in words if not word.text.startswith("-")), "")
    if verb in ("queue:work", "queue:listen"):
        told = option(words, "--queue")
        return replace(Started("queue:work", "", "worker", count=None), queues=expanded(told.value, env) if told else "default")
    if verb == "horizon":
        return Started("queue:work", "", "worker", count=None)
    return Started("artisan", f"artisan {verb}", _ARTISAN[verb], count=None) if verb in _ARTISAN else None


READERS: dict[str, Reader] = {
    **dict.fromkeys(("puma", "pumactl"), _puma),
    "sidekiq": _sidekiq,
    **dict.fromkeys(("rails", "rake"), _rails),
    **dict.fromkeys(("good_job", "delayed_job"), _good_job),
    "que": lambda program, words, env: Started("que", "", "worker", count=None),
    "php": _php,
    "artisan": _artisan,
}
