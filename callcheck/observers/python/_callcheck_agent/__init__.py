"""Writes down what happens in an observed Python process: who listens, who emits, who is heard, which calls fail.

Standard library alone, Python 3.9 to 3.14, and of that only what an interpreter has loaded anyway: start-up counts. The lines are those of
`observers/FACTS.md`. Two rules hold everywhere: the app behaves as it would without us, and whatever goes wrong in here stays in here.
"""


def start(folder):
    """Open this process's file in the folder, and be told of the libraries that are imported from now on."""
    from _callcheck_agent import faults, imports, process, tables
    from _callcheck_agent.recorder import Recorder

    recorder = Recorder(folder)
    if not recorder.open():
        return
    process.start(recorder)
    faults.start(recorder)
    imports.start(tables.hooks(recorder))
