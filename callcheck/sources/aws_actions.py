"""Which permission does a call of AWS's SDKs need?

    new InvokeModelWithResponseStreamCommand(...)        # bedrock:InvokeModelWithResponseStream, which bedrock:InvokeModel does not give
    client.post_to_connection(...)                       # execute-api:ManageConnections, which execute-api:Invoke does not give

Sources: the Service Authorization Reference (docs.aws.amazon.com/service-authorization), for Bedrock its API reference (Converse: InvokeModel; ConverseStream: InvokeModelWithResponseStream),
for WebSockets apigateway's guide on @connections. What SAM and the Serverless Framework allow for an event by themselves, receiving from a queue, is left out. Only services that run models or carry events; each operation is named as in the SDK for JavaScript, and in boto3 with underscores.
"""

from __future__ import annotations

_STREAMS = "bedrock:InvokeModelWithResponseStream"
OPERATIONS: dict[str, dict[str, str]] = {
    "bedrock-runtime": {"InvokeModel": "bedrock:InvokeModel", "InvokeModelWithResponseStream": _STREAMS, "Converse": "bedrock:InvokeModel", "ConverseStream": _STREAMS},
    "bedrock-agent-runtime": {"InvokeAgent": "bedrock:InvokeAgent", "Retrieve": "bedrock:Retrieve", "RetrieveAndGenerate": "bedrock:RetrieveAndGenerate", "InvokeFlow": "bedrock:InvokeFlow"},
    "sns": {"Publish": "sns:Publish", "PublishBatch": "sns:Publish"},
    "sqs": {"SendMessage": "sqs:SendMessage", "SendMessageBatch": "sqs:SendMessage", "ChangeMessageVisibility": "sqs:ChangeMessageVisibility"},
    "eventbridge": {"PutEvents": "events:PutEvents"},
    "lambda": {"Invoke": "lambda:InvokeFunction"},
    "sfn": {"StartExecution": "states:StartExecution", "StartSyncExecution": "states:StartSyncExecution", "SendTaskSuccess": "states:SendTaskSuccess", "SendTaskFailure": "states:SendTaskFailure", "SendTaskHeartbeat": "states:SendTaskHeartbeat"},
    "apigatewaymanagementapi": {"PostToConnection": "execute-api:ManageConnections", "DeleteConnection": "execute-api:ManageConnections", "GetConnection": "execute-api:ManageConnections"},
    "ses": {"SendEmail": "ses:SendEmail", "SendRawEmail": "ses:SendRawEmail", "SendTemplatedEmail": "ses:SendTemplatedEmail"},
    "kinesis": {"PutRecord": "kinesis:PutRecord", "PutRecords": "kinesis:PutRecords"},
}  # fmt: skip
"""Client -> operation -> action; the clients by the names of JavaScript's packages."""
IN_PYTHON = {"events": "eventbridge", "stepfunctions": "sfn"}
"""What boto3 calls them otherwise."""
