"""Which modules are patched, when they are imported?"""

from _callcheck_agent import faults


def hooks(recorder):
    """Name of a module -> what to call with it."""
    return {
        "threading": faults.threads(recorder),
        "asyncio.base_events": faults.loops(recorder),
        "concurrent.futures._base": faults.futures(recorder),
    }
