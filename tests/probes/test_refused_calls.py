"""A call that no role allows is told where an action of the same service is allowed, by the role's own stack."""

from __future__ import annotations

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.refused_calls import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
STACK = "provider:\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action: [{}]\n          Resource: '*'\n"
AI_SDK = "import {{ bedrock }} from '@ai-sdk/amazon-bedrock';\nimport {{ {0} }} from 'ai';\nexport const ask = (prompt) => {0}({{ model: bedrock('m'), prompt }});\n"
CLAUDE = "from anthropic import AnthropicBedrock\nclient = AnthropicBedrock()\ndef handler(event, context):\n    return client.messages.{}\n"
BEDROCK = "import {{ BedrockRuntimeClient, {0} }} from '@aws-sdk/client-bedrock-runtime';\nexport const ask = (b) => b.send(new {0}({{}}));\n"
SENDS = "import boto3\nclient = boto3.client('{}')\ndef handler(event, context):\n    client.{}(a=1)\n"


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        ({"serverless.yml": STACK.format("bedrock:InvokeModel"), "src/a.ts": BEDROCK.format("ConverseStreamCommand")}, "bedrock:InvokeModelWithResponseStream"),
        ({"serverless.yml": STACK.format("bedrock:InvokeModel"), "src/a.ts": BEDROCK.format("ConverseCommand")}, ""),
        ({"serverless.yml": STACK.format("'bedrock:Invoke*'"), "src/a.ts": BEDROCK.format("ConverseStreamCommand")}, ""),
        ({"serverless.yml": STACK.format("s3:GetObject"), "src/a.ts": BEDROCK.format("ConverseStreamCommand")}, ""),
        ({"serverless.yml": STACK.format("bedrock:InvokeModel"), "src/a.ts": AI_SDK.format("streamText")}, "bedrock:InvokeModelWithResponseStream"),
        ({"serverless.yml": STACK.format("bedrock:InvokeModel"), "src/a.ts": AI_SDK.format("generateText")}, ""),
        ({"serverless.yml": STACK.format("bedrock:InvokeModel"), "a.py": CLAUDE.format("create(model='m', stream=True)")}, "bedrock:InvokeModelWithResponseStream"),
        ({"serverless.yml": STACK.format("bedrock:InvokeModel"), "a.py": CLAUDE.format("create(model='m')")}, ""),
        ({"serverless.yml": STACK.format("execute-api:Invoke"), "a.py": SENDS.format("apigatewaymanagementapi", "post_to_connection")}, "execute-api:ManageConnections"),
        ({"serverless.yml": STACK.format("states:DescribeExecution"), "a.py": SENDS.format("stepfunctions", "send_task_success")}, "states:SendTaskSuccess"),
        ({"serverless.yml": STACK.format("states:DescribeExecution"), "scripts/a.py": SENDS.format("stepfunctions", "send_task_success")}, ""),
        ({"serverless.yml": STACK.format("sqs:ReceiveMessage"), "a.py": "import boto3\nboto3.client('sqs').send_message(a=1)\n"}, ""),
        ({"orders/serverless.yml": STACK.format("sqs:ReceiveMessage"), "bills/a.py": SENDS.format("sqs", "send_message")}, ""),
        ({"infra/serverless.yml": STACK.format("sqs:ReceiveMessage"), "bills/a.py": SENDS.format("sqs", "send_message")}, "sqs:SendMessage"),
        ({"serverless.yml": STACK.format("sqs:ReceiveMessage"), "a.py": SENDS.format("sns", "send_message")}, ""),
    ],
)  # fmt: skip
def test_a_call_that_no_role_allows(tmp_path, files: dict[str, str], missing: str) -> None:
    found = [item for item in look(tmp_path, files) if isinstance(item, Evidence)]
    assert [item.fact.attributes()["code.function.name"] for item in found] == ([missing] if missing else [])
    assert all(item.because[0].where is not None and item.because[0].where.line == 6 for item in found)
