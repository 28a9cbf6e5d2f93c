"""A body that SNS put into a queue is read as the message itself, of the queue that gets an envelope and of no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Lost
from callcheck.probes.enveloped import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PY = "import json, boto3\nsqs = boto3.client('sqs')\ndef f():\n    for m in sqs.receive_message(QueueUrl=u).get('Messages', []):\n        g(json.loads(%s)['id'])\n        sqs.delete_message(QueueUrl=u)\n"
WORKER = PY % "m['Body']"
LAMBDA = "import json\n\ndef handler(event, context):\n    for record in event['Records']:\n        g(json.loads(record['body'])['id'])\n"
NODE = "exports.handler = async (event) => { for (const r of event.Records) f(JSON.parse(r.body)); };\n"
CONSUMER = "import {Consumer} from 'sqs-consumer';\nconst c = Consumer.create({\n  handleMessage: async (message) => { f(JSON.parse(message.Body).id); return message; },\n});\nc.start()\n"
TOPIC = 'resource "aws_sns_topic_subscription" "q" {\n  protocol = "sqs"\n%s}\n'
SAM = "Resources:\n  S: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs%s}}\n"
CDK = "import {SqsSubscription} from 'aws-cdk-lib/aws-sns-subscriptions';\ntopic.addSubscription(new SqsSubscription(queue%s));\n"
CODE = "sns.subscribe(TopicArn=t, Protocol='sqs', Endpoint=e%s)\n"
SHELL = "awslocal sns subscribe --topic-arn $T \\\n  --protocol sqs --notification-endpoint arn:aws:sqs:eu:1:labels%s\n"
TWO = "".join(
    f'resource "aws_sqs_queue" "{name}" {{}}\nresource "aws_sns_topic_subscription" "{name}" {{\n  protocol = "sqs"\n  endpoint = aws_sqs_queue.{name}.arn\n{more}}}\n'
    for name, more in (("labels", ""), ("stock", "  raw_message_delivery = true\n"))
)
SHARED = "import boto3\nsqs = boto3.client('sqs')\ndef consume(url, handle):\n    for m in sqs.receive_message(QueueUrl=url).get('Messages', []):\n        handle(m['Body'])\n        sqs.delete_message(QueueUrl=url)\n"
GIVEN = "task = [{ name = \"URL\", value = aws_sqs_queue.%s.url }]\n"
MAIN = WORKER.replace("QueueUrl=u", "QueueUrl=os.environ['URL']").replace("import json", "import json, os")
MAPPED = 'resource "aws_lambda_function" "f" {\n  handler = "main.handler"\n}\nresource "aws_lambda_event_source_mapping" "f" {\n  event_source_arn = aws_sqs_queue.%s.arn\n  function_name = aws_lambda_function.f.arn\n}\n'
HANDLER = "import json\nfrom common import consume\n\ndef work(body):\n    print(json.loads(body)['id'])\n\nconsume(URL, work)\n"


def places(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [str(each.where) for each in look(tmp_path, files) if not isinstance(each, Lost)]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"a.py": WORKER, "infra.py": CODE % ""}, "a.py:5"),
        ({"a.py": WORKER, "main.tf": TOPIC % ""}, "a.py:5"),
        ({"a.py": LAMBDA, "main.tf": TOPIC % ""}, "a.py:5"),
        ({"h.js": NODE, "template.yaml": SAM % ""}, "h.js:1"),
        ({"h.js": NODE, "stack.ts": CDK % ""}, "h.js:1"),
        ({"a.ts": CONSUMER, "main.tf": TOPIC % ""}, "a.ts:3"),
        ({"a.py": WORKER, "init.sh": SHELL % ""}, "a.py:5"),
        ({"common.py": SHARED, "labels.py": HANDLER, "stock.py": HANDLER, "main.tf": TWO}, "labels.py:5"),
        ({"labels/h.js": NODE, "stock/h.js": NODE, "main.tf": TWO}, "labels/h.js:1"),
        ({"main.py": MAIN, "main.tf": TWO + GIVEN % "labels"}, "main.py:5"),
        ({"main.js": NODE, "main.tf": TWO + MAPPED % "labels"}, "main.js:1"),
    ],
)
def test_the_envelope_is_not_opened(tmp_path: Path, files: dict[str, str], place: str) -> None:
    assert places(tmp_path, files) == [place]


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": PY % "json.loads(m['Body'])['Message']", "infra.py": CODE % ""},
        {"a.py": WORKER, "infra.py": CODE % ", Attributes={'RawMessageDelivery': 'true'}"},
        {"a.py": WORKER, "main.tf": TOPIC % "  raw_message_delivery = true\n"},
        {"a.py": WORKER},
        {"h.js": NODE, "template.yaml": SAM % ", RawMessageDelivery: true"},
        {"h.js": NODE, "stack.ts": CDK % ", {rawMessageDelivery: true}"},
        {"a.ts": CONSUMER, "main.tf": TOPIC % "  raw_message_delivery = true\n"},
        {"a.py": WORKER, "init.sh": SHELL % " --attributes RawMessageDelivery=true"},
        {"common.py": SHARED, "stock.py": HANDLER, "main.tf": TWO},
        {"main.js": NODE, "main.tf": TWO},
        {"main.py": MAIN, "main.tf": TWO + GIVEN % "stock"},
        {"main.js": NODE, "main.tf": TWO + MAPPED % "stock"},
        {"api.js": "exports.handler = async (event) => f(JSON.parse(event.body));\n", "main.tf": TOPIC % ""},
    ],
)
def test_the_body_is_the_message_or_it_is_not_known_whose_it_is(tmp_path: Path, files: dict[str, str]) -> None:
    assert places(tmp_path, files) == []
