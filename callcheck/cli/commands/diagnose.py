"""What `callcheck diagnose` takes."""

from __future__ import annotations

from typing import Annotated

import typer

from callcheck.cli.commands.options import Color, Debug, ExitZero, MinConfidence, Quiet, Verbose, given, probes

app = typer.Typer()


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
        list[str] | None, typer.Option("--format", "-f", metavar="terminal|json|sarif|github|gitlab|junit|markdown|html", help="How to print the report; repeatable, each with its --output.")
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
        typer.Option("--probe", metavar="NAME", help="Only this probe; repeatable.", autocompletion=probes),
    ] = None,
    skip_probe: Annotated[
        list[str] | None,
        typer.Option("--skip-probe", metavar="NAME", help="All but this probe; repeatable.", autocompletion=probes),
    ] = None,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rules", metavar="DIR", help="Own rules and frameworks beside ours; repeatable."),
    ] = None,
    min_confidence: MinConfidence = None,
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
    exit_zero: ExitZero = False,
    color: Color = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
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
    jobs: Annotated[str | None, typer.Option("--jobs", metavar="1|2", help="Processes that look at over 1 MB of source; 1 unless said.")] = None,
    debug: Debug = False,
) -> int:
    """Say why a callback does not fire, likeliest cause first.

    Exits with 0 if nothing is likely, 1 if something is, 2 on a wrong call or a broken rule, 3 if nothing could be examined.
    """
    from callcheck.cli.diagnose import run

    said = given(
        format=format, output=output, as_=kind, since=since, until=until, follow=follow, online=online, cluster=cluster, probe=probe,
        skip_probe=skip_probe, rules=rules, min_confidence=min_confidence, fail_on=fail_on, baseline=baseline, diff_base=diff_base,
        strict=strict, exit_zero=exit_zero, color=color, quiet=quiet, verbose=verbose, config=config, isolated=isolated,
        show_settings=show_settings, no_cache=no_cache, jobs=jobs, debug=debug,
    )  # fmt: skip
    return run(targets or (), said)
