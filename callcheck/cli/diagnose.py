"""`callcheck diagnose`: why does the callback not fire?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from callcheck.cli import config, console, exit_status, gate, targets
from callcheck.cli.exit_status import ExitStatus
from callcheck.cli.settings import Settings
from callcheck.collect import Options
from callcheck.model.errors import UsageError
from callcheck.model.noun import replace
from callcheck.model.period import Period
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Outcome
from callcheck.pipeline import Run, diagnose
from callcheck.sources.kept import keep_nothing


def run(words: Sequence[str], given: Mapping[str, Any]) -> ExitStatus:
    """One diagnosis, from the words typed to the exit status. Raises CallcheckError."""
    here = Path.cwd()
    given, also = paired(given)
    where = {"config": given.pop("config", None), "isolated": given.pop("isolated", False)}
    showing = given.pop("show-settings", False)
    settled = config.settle(given, here, **where)
    if showing:
        console.emit(config.show(settled))
        return ExitStatus.NOTHING_LIKELY
    settings = replace(settled.settings, also=also)
    _check(settings)
    if settings.no_cache:
        keep_nothing()
    target = replace(targets.read(words, here, settings.kind, settings.cluster), online=settings.online)
    if settings.follow and target.far:
        raise UsageError("--follow reads on in files of this machine and standard input", "pipe it in: kubectl logs -f ... | callcheck diagnose - --follow")
    if settings.follow:
        from callcheck.cli import follow

        return follow.run(target, settings)
    done = gate.without_known(look(target, settings), target, settings)
    tell(done, settings)
    if settings.debug:
        _say_what_was_kept(done)
    if gate.reads_no_status(settings) and "fail_on" not in settled.origins:
        settings = replace(settings, exit_zero=True)
    return status(done, settings)


def status(done: Run, settings: Settings) -> ExitStatus:
    """How the run ends; says so if there was nothing to look at."""
    if not _anything(done):
        console.complain(
            "nothing could be examined: no readable file there", "name the app's folder, a log, or what runs: pid:N, port:N, name:TEXT"
        )
        return ExitStatus.NOTHING_EXAMINED
    found = exit_status.of(done.report, threshold(settings), settings.exit_zero, settings.fail_causes, settings.strict)
    if found is ExitStatus.NOTHING_EXAMINED:
        kept_out = next((look.why for look in done.report.ledger.looks if look.outcome is Outcome.BLOCKED and look.why), "")
        console.complain(f"nothing could be examined: {kept_out or 'no probe found anything to look at'}", "" if kept_out else "the report says what each one wants")
    return found


def _say_what_was_kept(done: Run) -> None:
    """On standard error, what came from which cache."""
    from callcheck.sources.kept import TAKEN, folder

    parts = ", ".join(f"{name} {'taken' if taken else 'made'}" for name, taken in TAKEN.items())
    console.complain(f"cache {folder()}: {parts or 'not used'}")
    console.complain(f"from an earlier run: {done.from_before or 'nothing'}")


def threshold(settings: Settings) -> float:
    """From which confidence on a cause counts as likely."""
    return max(settings.fail_on, settings.min_confidence)


def _check(settings: Settings) -> None:
    for folder in settings.rules:
        if not folder.is_dir():
            raise UsageError(f"--rules {clean(str(folder))} is no folder", "it holds causes/ and frameworks/")
    if settings.online and settings.follow:
        raise UsageError("--online asks once, and --follow looks again and again", "run them apart")
    since, until = settings.since, settings.until
    if since and until and since.at > until.at:
        raise UsageError(f"--since {clean(since.text)} is later than --until {clean(until.text)}")


def _anything(done: Run) -> bool:
    return done.files or done.report.target.beside_files


def options_of(settings: Settings) -> Options:
    """What the pipeline is to be told of them."""

    def bug(name: str, error: Exception) -> None:
        console.complain(
            f"{name} failed: {type(error).__name__}: {str(error)[:200]}", "please report it, with the output of --debug"
        )
        if settings.debug:
            import traceback

            traceback.print_exception(error)

    period = Period(settings.since.at if settings.since else None, settings.until.at if settings.until else None)
    return Options(settings.rules, settings.probe, settings.skip_probe, settings.stages, period, jobs=int(settings.jobs), on_bug=bug)


def look(target: Target, settings: Settings) -> Run:
    """Collect, link and rank, with a bar for whoever waits."""
    options = options_of(settings)
    watched = not settings.quiet and console.progress_wanted(sys.stderr)
    if not watched:
        return diagnose(target, options)
    from callcheck.cli.progress import Progress

    with Progress() as progress:
        return diagnose(target, replace(options, on_progress=progress.tell))


def paired(given: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[tuple[str, Path], ...]]:
    """What was typed with one format and one file at most, and the further pairs of them. The n-th `--output` is that of the n-th `--format`; one
    format may be without, and goes to standard output. Raises UsageError."""
    rest = dict(given)
    formats, outputs = list(rest.pop("format", None) or ()), list(rest.pop("output", None) or ())
    if isinstance(given.get("fail-on"), str) and ":" in given["fail-on"]:
        rest["fail-on"], _, causes = given["fail-on"].partition(":")
        rest["fail-causes"] = causes
    if len(outputs) > max(len(formats), 1):
        raise UsageError("there are more --output than --format", "--format sarif --output a.sarif --format json --output b.json")
    if len(formats) - len(outputs) > 1:
        raise UsageError("only one format can go to standard output", "give each of the others an --output, in the same order")
    pairs = list(zip(formats, outputs + [None], strict=False)) if formats else [(None, each) for each in outputs]
    pairs.sort(key=lambda pair: pair[1] is not None)  # what goes to standard output comes first
    for name, value in zip(("format", "output"), pairs[0] if pairs else (None, None), strict=True):
        if value is not None:
            rest[name] = value
    also = tuple((str(settings_value("format", format)), Path.cwd() / str(output)) for format, output in pairs[1:])
    return rest, also


def settings_value(name: str, raw: Any) -> Any:
    """As the setting of that name takes it. Raises UsageError."""
    from callcheck.cli.settings import key, value

    return value(key(name), raw, Path.cwd())


def tell(done: Run, settings: Settings) -> None:
    """Give the report in each of its formats. Raises UsageError."""
    say(text(done, settings), settings)
    for format, output in settings.also:
        one = replace(settings, format=format, output=output)
        say(text(done, one), one)
    if settings.format == "github":
        gate.summarise(done, settings)


def text(done: Run, settings: Settings) -> str:
    """The report as it is to be printed."""
    if settings.format == "html":
        from callcheck.report import html
        from callcheck.sources.swimlane import swimlane

        return html.render(done.report, done.eyes.lines, settings.min_confidence, swimlane(done.eyes))
    if settings.format != "terminal":
        import importlib

        renderer = importlib.import_module(f"callcheck.report.{'json_v1' if settings.format == 'json' else settings.format}")
        rendered: str = renderer.render(done.report, done.eyes.lines, settings.min_confidence)
        return rendered
    from callcheck.report import terminal

    stream = sys.stdout
    to_file = settings.output is not None
    style = terminal.Style(
        width=console.PIPED_COLUMNS if to_file else console.columns(stream),
        color=settings.color == "always" if to_file else console.coloured(settings.color, stream),
        drawn=to_file or console.drawn(stream),
        verbose=settings.verbose,
        brief=settings.quiet,
    )
    told = terminal.render(done.report, done.eyes.lines, style, settings.min_confidence, empty=not _anything(done))
    return told if to_file else gate.muted(told)


def say(text: str, settings: Settings) -> None:
    """Print it, or write it to its file. Raises UsageError."""
    if settings.output is None:
        console.emit(text)
        return
    try:
        settings.output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"cannot write {clean(str(settings.output))}: {error.strerror or error}") from error
