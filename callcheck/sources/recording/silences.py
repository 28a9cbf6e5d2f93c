"""Why did the agent write nothing in a process that it should have been in? Told by the command that the process was started with."""

from __future__ import annotations

from callcheck.model.recorded import Member

_WROTE_NOTHING = "its agent wrote nothing"
_OTHERS = {
    "bun": f"{_WROTE_NOTHING}: Bun takes one by BUN_OPTIONS, since 1.2.15",
    "deno": f"{_WROTE_NOTHING}: Deno takes one by NODE_OPTIONS, since 2.6.7, where --allow-env, --allow-read, --allow-write and --allow-sys let it, or -A",
}
"""Which versions do was tried."""
_PERMISSION = frozenset({"--permission", "--experimental-permission"})


def reason(member: Member) -> str:
    """In a few words."""
    if member.foreign:
        return f"{_WROTE_NOTHING}: another user runs it, who may not write into the recording; --record takes a folder that this user may write (mkdir -m 1777), and sudo hands the environment on with -E alone"
    if member.runtime in _OTHERS:
        return _OTHERS[member.runtime]
    if member.managed and member.runtime == "node":
        return f"{_WROTE_NOTHING}: a PM2 that ran before takes one by node_args alone, which `pm2 start SCRIPT` is given and a configuration file is not; without --own-pm2 there is a daemon of its own"
    flags = _flags(member.command)
    if member.runtime == "node" and _PERMISSION.intersection(flags):
        return "Node.js's permission model keeps the agent out"
    kept_out = sorted({letter for flag in flags if not flag.startswith("--") for letter in flag[1:] if letter in "IES"})
    if member.runtime == "python" and kept_out:
        return f"python -{kept_out[0]} takes no agent by PYTHONPATH"
    if member.runtime == "node":
        return f"{_WROTE_NOTHING}: its NODE_OPTIONS may have been set anew, by a script or in package.json"
    return f"{_WROTE_NOTHING}: its PYTHONPATH may have been set anew"


def _flags(command: tuple[str, ...]) -> list[str]:
    """The options of the interpreter itself: what stands before its script, or before what `-m` and `-c` name."""
    found: list[str] = []
    for word in command[1:]:
        if not word.startswith("-") or word.startswith(("-m", "-c", "-e", "-p")):
            break
        found.append(word)
    return found
