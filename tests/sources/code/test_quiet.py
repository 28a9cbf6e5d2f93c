"""What is only told to people is left out, and each other character stays at its place."""

from __future__ import annotations

import pytest

from callcheck.sources.code.quiet import quiet

SAYS = [
    ("a.ts", 'console.log("call close() later");', "close()"),
    ("a.ts", "this.logger.warn(`retry of ${queue.name} in ${wait()} s`);", "retry"),
    ("a.ts", "log.error('é', 'redis is away');", "redis"),
    ("a.ts", "throw new TypeError('on(\"error\") is missing');", "error"),
    ("a.ts", "console.log(`first\n  ack the message\nlast`);", "ack"),
    ("a.py", "logging.info('ack it')", "ack"),
    ("a.py", 'log.warning("""first\nack it\n""")', "ack"),
    ("a.py", "raise ValueError(f'no resume for {name}')", "resume"),
]
DOES = [
    ("a.ts", "console.log(queue.close());", "queue.close()"),
    ("a.ts", "console.log(`closed ${queue.close()}`);", "queue.close()"),
    ("a.ts", "channel.publish('log', 'ack');", "ack"),
    ("a.ts", "dialog.show('retry');", "retry"),
    ("a.ts", "res.error('retry');", "retry"),
    ("a.ts", "console.log(send('retry'));", "retry"),
    ("a.py", "catalog.find('ack')", "ack"),
]


def _read(code_of, name: str, text: str) -> str:
    lines = quiet(code_of({name: text}).project.modules[name]).lines
    assert [len(line) for line in lines] == [len(line) for line in text.split("\n")]
    return "\n".join(lines)


@pytest.mark.parametrize(("name", "text", "word"), SAYS)
def test_messages_are_left_out(code_of, name: str, text: str, word: str) -> None:
    assert word not in _read(code_of, name, text)


@pytest.mark.parametrize(("name", "text", "word"), DOES)
def test_what_is_done_stays(code_of, name: str, text: str, word: str) -> None:
    assert word in _read(code_of, name, text)


def test_a_constant_in_a_message_is_left_out_where_it_is_spelt(code_of) -> None:
    module = code_of({"a.ts": "const QUEUE = 'mail';\nconsole.log('resume', QUEUE);\nqueue.pause(QUEUE);\n"}).project.modules["a.ts"]
    assert "resume" not in "\n".join(quiet(module).spelt)
    assert "queue.pause('mail')" in "\n".join(quiet(module).spelt).replace('"', "'")
