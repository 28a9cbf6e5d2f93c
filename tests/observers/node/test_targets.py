"""EventTarget: who listens and who dispatches, and that Node's own targets stay silent."""

from __future__ import annotations

from pathlib import Path

from tests.observers.node.observed import needs_node, observe

pytestmark = needs_node


def test_listeners_and_dispatches_of_the_app_are_told(tmp_path: Path) -> None:
    code = """
class Agent extends EventTarget {}
const a = new Agent(), f = () => {};
a.addEventListener('done', f, { once: true }); a.addEventListener('done', { handleEvent() {} });
a.dispatchEvent(new Event('done')); a.dispatchEvent(new Event('done')); a.dispatchEvent(new Event('nobody'));
a.addEventListener('x', f); a.removeEventListener('x', f);
new AbortController().signal.addEventListener('abort', f);
"""
    run = observe(tmp_path, code)
    assert [(fact["messaging.destination.name"], fact["count"], fact.get("listener.once")) for fact in run.of("listener.added")] == [("done", 1, True), ("done", 2, None), ("x", 1, None)]
    assert [(fact["messaging.destination.name"], fact["listener.count"]) for fact in run.of("event.emitted")] == [("done", 2), ("done", 1), ("nobody", 0)]
    assert {fact["messaging.system"] for fact in run.of("event.emitted", "emitter.seen")} == {"EventTarget"}
    assert len(run.of("event.delivered")) == 2
    assert len(run.of("listener.removed")) == 1
    assert run.of("emitter.seen")[0]["emitter.class"] == "Agent"


def test_a_listener_that_throws_ends_the_app_as_ever(tmp_path: Path) -> None:
    code = "const t = new EventTarget(); t.addEventListener('x', () => { throw new RangeError('boom'); }); console.log(t.dispatchEvent(new Event('x')));\n"
    run = observe(tmp_path, code)
    bare = observe(tmp_path / "bare", code, observed=False)
    assert (run.status, run.stdout) == (bare.status, bare.stdout) == (1, "true\n")
    assert run.of("process.uncaught")[0]["error.type"] == "RangeError"
