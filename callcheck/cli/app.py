"""Which commands are there, and what do they take? Each imports its own module only when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from callcheck.cli.exit_status import ExitStatus

app = typer.Typer(
    name="callcheck",
    help="Find out why a callback, event handler or webhook does not fire.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_rules = typer.Typer(
    name="rules", help="The causes and frameworks that are known.", no_args_is_help=True, rich_markup_mode=None
)
_schema = typer.Typer(
    name="schema", help="The shapes of what is printed for machines.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(_rules)
app.add_typer(_schema)


def main(argv: list[str]) -> int:
    """Run the command that `argv` (without the program's name) names. Raises CallcheckError, KeyboardInterrupt."""
    shown: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
    try:
        status = typer.main.get_command(app).main(args=argv, prog_name="callcheck", standalone_mode=False)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return ExitStatus.INTERRUPTED
    except shown as error:
        from callcheck.cli.console import complain

        context = getattr(error, "ctx", None)
        command = context.command_path if context else "callcheck"
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
        else:
            complain(error.format_message(), f"{command} --help")
        return ExitStatus.BROKEN
    return int(status or 0)


def _version(wanted: bool) -> None:
    if wanted:
        from callcheck import __version__

        print(f"callcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


def _causes(incomplete: str) -> list[str]:
    from callcheck.knowledge import shipped

    return sorted(path.stem for path in shipped().glob("causes/*/*.y*ml") if path.stem.startswith(incomplete))


def _probes(incomplete: str) -> list[str]:
    from callcheck.registry import probes

    return [probe.name for probe in probes() if probe.name.startswith(incomplete)]


Rules = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="DIR", help="Own rules and frameworks beside ours; repeatable.")
]


@app.command()
def diagnose(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="A folder (default: the one you are in), a source, config or log file, a glob, *.gz, s3://bucket/*.gz, - (standard input, a log), pid:N, port:N, name:TEXT or cwd:FOLDER (what runs), pm2:, compose: or k8s:NAMESPACE/NAME (what a manager lists).",
        ),
    ] = None,
    format: Annotated[
        list[str] | None, typer.Option("--format", "-f", metavar="terminal|json|sarif|github|gitlab|junit|markdown", help="How to print the report; repeatable, each with its --output.")
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to a file; repeatable, in the order of the formats.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--as", metavar="logs|source|config", help="What the files are, whatever they look like."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="Only log entries from then on: 2026-11-20T10:15Z, or 15m, 2h, 3d ago."),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Only log entries up to then.")] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Read on while the logs grow, and report anew when they say something else.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Logs are read by the workers of this Dask scheduler: tcp://host:8786."),
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask the model APIs that the target uses, one cheap call each, with its key.")
    ] = False,
    probe: Annotated[
        list[str] | None,
        typer.Option("--probe", metavar="NAME", help="Only this probe; repeatable.", autocompletion=_probes),
    ] = None,
    skip_probe: Annotated[
        list[str] | None,
        typer.Option("--skip-probe", metavar="NAME", help="All but this probe; repeatable.", autocompletion=_probes),
    ] = None,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rules", metavar="DIR", help="Own rules and frameworks beside ours; repeatable."),
    ] = None,
    min_confidence: Annotated[
        str | None, typer.Option("--min-confidence", metavar="0-1", help="Leave out causes below. [default: 0.1]")
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option("--fail-on", metavar="0-1[:CAUSE,...]", help="Exit with 1 from this confidence on, for these causes alone. [default: 0.5]")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Leave out the findings of this file, as `callcheck baseline` wrote it.")
    ] = None,
    diff_base: Annotated[
        str | None, typer.Option("--diff-base", metavar="REV", help="Leave out what is found at this revision of git, too.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 if something could not be read.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even if a cause is found.")] = False,
    color: Annotated[
        str | None, typer.Option("--color", metavar="auto|always|never", help="Whether to colour the report.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="A line a cause, and no progress.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every cause in full, and all that was looked at.")
    ] = False,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="This configuration file and no other.")
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Read no configuration file.")] = False,
    show_settings: Annotated[
        bool, typer.Option("--show-settings", help="Print the settings and who set them, then exit.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Take nothing from earlier runs, and keep nothing.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors inside callcheck.")] = False,
) -> int:
    """Say why a callback does not fire, likeliest cause first.

    Exits with 0 if nothing is likely, 1 if something is, 2 on a wrong call or a broken rule, 3 if nothing could be examined.
    """
    from callcheck.cli.diagnose import run

    typed: dict[str, Any] = {
        "format": format, "output": output, "as": kind, "since": since, "until": until, "follow": follow, "online": online, "cluster": cluster, "probe": probe, "skip-probe": skip_probe, "rules": rules,
        "min-confidence": min_confidence, "fail-on": fail_on, "baseline": baseline, "diff-base": diff_base, "strict": strict, "exit-zero": exit_zero, "color": color, "quiet": quiet,
        "verbose": verbose, "config": config, "isolated": isolated, "show-settings": show_settings,
        "no-cache": no_cache, "debug": debug,
    }  # fmt: skip
    return run(targets or (), {name: value for name, value in typed.items() if value not in (None, False, [], ())})


@app.command(context_settings={"ignore_unknown_options": False})
def observe(
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[-- COMMAND]...", help="How the app is started, as it is: -- npm start, -- gunicorn -w 4 app:app.")
    ] = None,
    read: Annotated[Path | None, typer.Option("--read", metavar="DIR", help="Run nothing: diagnose the recording in this folder, or a file of OpenTelemetry spans (OTLP in JSON lines).")] = None,
    record: Annotated[Path | None, typer.Option("--record", metavar="DIR", help="Keep the recording in this new or empty folder.")] = None,
    scenario: Annotated[Path | None, typer.Option("--scenario", metavar="FILE", help="Send these requests once the app is ready, and then stop it.")] = None,
    ready: Annotated[str | None, typer.Option("--ready", metavar="URL", help="The app is ready when this answers.")] = None,
    seconds: Annotated[str | None, typer.Option("--for", metavar="TIME", help="End the app after 60s, 5m; without it, Ctrl-C does.")] = None,
    scaffold: Annotated[
        str | None, typer.Option("--scaffold", metavar="URL", help="Run nothing: print a first scenario for the app in this folder, which listens at URL.")
    ] = None,
    no_source: Annotated[bool, typer.Option("--no-source", help="Diagnose the recording alone, without the source in this folder.")] = False,
    own_pm2: Annotated[bool, typer.Option("--own-pm2", help="Let pm2 use its usual home and the daemon that runs there.")] = False,
    print_env: Annotated[
        str | None, typer.Option("--print-env", metavar="docker|kubernetes|systemd", help="Print the lines to add where callcheck cannot start the app.")
    ] = None,
    format: Annotated[str | None, typer.Option("--format", "-f", metavar="terminal|json", help="How to print the report.")] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to a file.")] = None,
    fail_on: Annotated[str | None, typer.Option("--fail-on", metavar="0-1", help="Exit with 1 from this confidence on. [default: 0.5]")] = None,
    color: Annotated[str | None, typer.Option("--color", metavar="auto|always|never", help="Whether to colour the report.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="A line a cause, and no progress.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every cause in full, and all that was looked at.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors inside callcheck.")] = False,
) -> int:
    """Run the app with our agents in its processes, and say where deliveries stop.

    Nothing in the project is changed, no payload is recorded, and nothing leaves this machine.
    """
    from callcheck.cli import observe as here

    if print_env:
        here.print_env(print_env)
        return ExitStatus.NOTHING_LIKELY
    if scaffold:
        here.scaffold(scaffold)
        return ExitStatus.NOTHING_LIKELY
    wanted = here.Wanted(tuple(command or ()), read, record, ready or "", here.duration(seconds), not no_source, scenario, own_pm2)
    typed: dict[str, Any] = {"format": format, "output": output, "fail-on": fail_on, "color": color, "quiet": quiet, "verbose": verbose, "debug": debug}
    return here.run(wanted, {name: value for name, value in typed.items() if value not in (None, False)})


@app.command()
def webhook(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO.yml", help="Which requests set callbacks off, and what is expected of these.")],
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="[TARGET]...", help="What to look at beside: the app's folder, a log, port:N, as of `diagnose`.")
    ] = None,
    public_url: Annotated[
        str, typer.Option("--public-url", metavar="URL", help="The address by which the app reaches the receiver: from a container, through a tunnel.")
    ] = "",
    yes_send: Annotated[
        bool, typer.Option("--yes-send", help="Send the triggers to other machines than this one, too; they have real effects there.")
    ] = False,
    longest: Annotated[str, typer.Option("--for", metavar="TIME", help="How long all of it may take at most.")] = "5m",
    format: Annotated[
        str | None, typer.Option("--format", "-f", metavar="terminal|json", help="How to print the report.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to a file.")
    ] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even if something is not as expected.")] = False,
    color: Annotated[
        str | None, typer.Option("--color", metavar="auto|always|never", help="Whether to colour the report.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="A line a cause, and no progress.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every cause in full, and all that was looked at.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors inside callcheck.")] = False,
) -> int:
    """Send requests to the running app, receive the callbacks that they set off, and say what became of each.

    Exits with 0 if all is as the scenario expects, 1 if not, 2 on a wrong call or scenario, 3 if the app does not answer.
    """
    from callcheck.cli.webhook import run, seconds
    from callcheck.sources.webhook.run import Terms

    typed = {"format": format, "output": output, "exit-zero": exit_zero, "color": color, "quiet": quiet, "verbose": verbose, "debug": debug}
    said = {name: value for name, value in typed.items() if value}
    return run(scenario, targets or (), Terms(yes_send, public_url, seconds(longest)), said)


@app.command()
def scale(
    counts: Annotated[str, typer.Argument(metavar="1,2,4", help="With how many copies to try.")],
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- COMMAND...", help="How the app is started. `{n}` becomes the number of copies (gunicorn -w {n} app:app); without it, each copy is started with its own PORT, `{port}` in words."),
    ] = None,
    scenario: Annotated[Path, typer.Option("--scenario", metavar="FILE", help="The requests to send, as of `callcheck webhook`.")] = Path("callcheck-scenario.yml"),
    ready: Annotated[str, typer.Option("--ready", metavar="URL", help="The app is ready when this answers.")] = "",
    format: Annotated[str | None, typer.Option("--format", "-f", metavar="terminal|json", help="How to print the report.")] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to a file.")] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even if something is lost.")] = False,
    color: Annotated[str | None, typer.Option("--color", metavar="auto|always|never", help="Whether to colour the report.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="A line a cause, and no progress.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every cause in full, and all that was looked at.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors inside callcheck.")] = False,
) -> int:
    """Run the same scenario against one, two and four copies of the app, and say with how many it loses deliveries."""
    from callcheck.cli.scale import run
    from callcheck.model.errors import UsageError

    if not ready:
        raise UsageError("--ready is wanted: a URL that answers once the app can be used", "--ready http://127.0.0.1:3000/health")
    typed: dict[str, Any] = {"format": format, "output": output, "exit-zero": exit_zero, "color": color, "quiet": quiet, "verbose": verbose, "debug": debug}
    return run(counts, scenario, ready, tuple(command or ()), {name: value for name, value in typed.items() if value not in (None, False)})


@app.command()
def baseline(
    targets: Annotated[list[str] | None, typer.Argument(metavar="[TARGET]...", help="As of `diagnose`.")] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = ".callcheck-baseline.jsonl",
    min_confidence: Annotated[str | None, typer.Option("--min-confidence", metavar="0-1", help="Leave out causes below. [default: 0.1]")] = None,
) -> int:
    """Write down what is found now, so that `diagnose --baseline FILE` tells only what is new."""
    from callcheck.cli.baseline import run

    return run(targets or (), output, {"min-confidence": min_confidence} if min_confidence else {})


@app.command()
def explain(
    cause: Annotated[str, typer.Argument(metavar="CAUSE", help="Such as late-registration.", autocompletion=_causes)],
    rules: Rules = None,
    color: Annotated[str, typer.Option("--color", metavar="auto|always|never", help="Whether to colour.")] = "auto",
) -> int:
    """Explain a cause: what it is, how to tell, how to fix it and how to confirm that."""
    from callcheck.cli.explain import run

    return run(cause, rules or [], color)


@_rules.command("list")
def rules_list(
    frameworks: Annotated[bool, typer.Option("--frameworks", help="The libraries instead of the causes.")] = False,
    platforms: Annotated[bool, typer.Option("--platforms", help="The formats of deployment files instead of the causes.")] = False,
    rules: Rules = None,
) -> int:
    """List the causes that can be named, or the frameworks or platforms that are known."""
    from callcheck.cli.rules import listed
    from callcheck.model.errors import UsageError

    if frameworks and platforms:
        raise UsageError("--frameworks and --platforms are two lists", "ask for one of them")
    return listed(rules or [], "frameworks" if frameworks else "platforms" if platforms else "causes")


@_rules.command("check")
def rules_check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Your rules; without it, those that came with callcheck.")
    ] = None,
) -> int:
    """Check rules and frameworks: their shape, their words, and whether the examples inside hold."""
    from callcheck.cli.rules import check

    return check(folder)


@_schema.command("report")
def schema_report() -> int:
    """Print the JSON Schema of `diagnose --format json`."""
    from callcheck.cli.schema import report

    return report()


@_schema.command("scenario")
def schema_scenario() -> int:
    """Print the JSON Schema of the scenario files of `webhook`."""
    from callcheck.cli.schema import scenario

    return scenario()


@app.command(hidden=True)
def picture(
    target: Annotated[str, typer.Argument(metavar="TARGET")],
    out: Annotated[Path, typer.Argument(metavar="OUT.svg")],
    width: Annotated[int, typer.Option("--width")] = 92,
) -> int:
    """Draw the report of a real run as an SVG, for the README."""
    from callcheck.cli.picture import run

    return run(target, out, width)
