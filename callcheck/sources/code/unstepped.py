"""What does a function do outside of its steps, though it is called anew after each of them?

    inngest.createFunction({ id: "quote" }, { event: "quote/asked" }, async ({ step }) => {
      await charge(card);                                            // once more for each step that follows
      await step.run("mail", async () => { await mail(card); });     // once
      await note(card);                                              // once: no step follows
    });
"""

from __future__ import annotations

import re

from callcheck.sources.code.tree import Await, Call, Function, Member, Node, dotted, last_name


def unstepped(function: Function, holder: str, wanted: str) -> Call | None:
    """The first call by such a name that is waited for outside of the functions which steps are given, and ahead of another step; `holder` is what has the steps."""
    steps = [call for call in function.inside(Call) if isinstance(call.callee, Member) and last_name(call.callee.object) == holder]
    last = max((step.at for step in steps), default=-1)
    for call in function.inside(Call):
        name = dotted(call.callee)
        if call.at < last and isinstance(call.parent, Await) and re.search(wanted, name.rpartition(".")[2]) and name.partition(".")[0] != holder and not _in_step(call, function, steps):
            return call
    return None


def _in_step(call: Call, function: Function, steps: list[Call]) -> bool:
    for above in call.up():
        if above is function:
            return False
        if any(above is step for step in steps) or isinstance(above, Function) and _given(above, steps):
            return True
    return False


def _given(function: Node, steps: list[Call]) -> bool:
    return any(each is function for step in steps for each in step.args)
