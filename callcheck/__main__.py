"""`callcheck` and `python -m callcheck`: answers `--version` before anything is imported, and lets no traceback out."""

import sys

TYPE_CHECKING = False  # that of `typing`, which takes a while to load
if TYPE_CHECKING:
    from callcheck.cli import quick


def run() -> None:
    """The program: runs the command line and ends the process."""
    status = main()
    if sys.modules.keys().isdisjoint(("atexit", "threading")):
        # Nobody has asked to be told of the end, and to take all objects apart before it takes as long as several probes. mypy ends so too.
        import os

        try:
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
        except (OSError, ValueError):
            pass  # Python's own end says so.
        else:
            os._exit(status)
    sys.exit(status)


def main() -> int:
    """Run the command line; gives the exit status."""
    argv = sys.argv[1:]
    if argv in (["--version"], ["-V"]):
        from callcheck import __version__

        print(f"callcheck {__version__}")
        return 0
    try:
        return _run(argv)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        from callcheck.cli.console import hush

        hush()
        return 0
    except Exception as error:  # noqa: BLE001  (a traceback would end with 1, which means "something likely was found")
        return _explain(error, "--debug" in argv)


def _run(argv: list[str]) -> int:
    import gc

    # What a run makes it needs until its end: looking for garbage in it, at the exit too, is a tenth of a small run. On a big tree each look at half a million new objects took 0.1 s.
    gc.set_threshold(5_000_000, 20, 20)
    try:
        return _command(argv)
    finally:
        gc.freeze()


def _command(argv: list[str]) -> int:
    import os

    if "_CALLCHECK_COMPLETE" not in os.environ:
        from callcheck.cli import quick

        call = quick.read(argv)
        if call is not None and "no-cache" not in call[1]:
            from callcheck.sources.kept_modules import KeptModules

            with KeptModules():
                from callcheck.sources.kept_patterns import KeptPatterns

                with KeptPatterns():
                    return _diagnose(call)
        if call is not None:
            return _diagnose(call)
    from callcheck.cli.app import main as typed

    return typed(argv)


def _diagnose(call: "quick.Call") -> int:
    from callcheck.cli.diagnose import run

    return int(run(*call))


def _explain(error: Exception, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    from callcheck.cli.console import complain
    from callcheck.model.errors import CallcheckError

    if isinstance(error, CallcheckError):
        complain(error.message, error.hint)
    elif isinstance(error, OSError) and not debug:
        complain(
            f"{error.strerror or error}: {error.filename}" if error.filename else str(error), "--debug shows where"
        )
    else:
        complain(
            f"internal error: {type(error).__name__}: {str(error)[:300]}",
            "please report it, with the output of --debug",
        )
    return 2


if __name__ == "__main__":
    run()
