"""The variable that names a queue is found at the call that takes from it, or where the queue was made."""

from __future__ import annotations

import pytest

from callcheck.sources.code.queue_taken import queue_variable

JS = "import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';\n"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.py", "import os, boto3\nsqs = boto3.client('sqs')\nURL = os.environ['INBOX']\nsqs.receive_message(QueueUrl=URL)\n", "INBOX"),
        ("a.py", "import os, boto3\nqueue = boto3.resource('sqs').Queue(os.environ['INBOX'])\nqueue.receive_messages(MaxNumberOfMessages=1)\n", "INBOX"),
        ("a.py", "import os, boto3\nqueue = boto3.resource('sqs').get_queue_by_name(QueueName=os.getenv('INBOX'))\nqueue.receive_messages()\n", "INBOX"),
        ("a.js", JS + "const QueueUrl = process.env.INBOX;\nnew ReceiveMessageCommand({ QueueUrl });\n", "INBOX"),
        ("a.js", JS + "new ReceiveMessageCommand({ QueueUrl: url() });\n", ""),
    ],
)
def test_the_variable_of_a_queue(code_of, name: str, text: str, told: str) -> None:
    code = code_of({name: text})
    takes = [call for module in code.project.modules.values() for call in module.calls("receive_message", "receive_messages", "ReceiveMessageCommand")]
    assert [queue_variable(code, each) for each in takes] == [told]
