"""Which actions of AWS do a project's roles allow, as far as its files say?

    iam: {role: {statements: [{Effect: Allow, Action: [bedrock:InvokeModel], Resource: "*"}]}}        # the Serverless Framework
    Policies: [{Statement: [{Effect: Allow, Action: sns:Publish, Resource: !Ref Orders}]}]            # SAM, CloudFormation
    actions = ["events:PutEvents"]                                                                    # Terraform, CDK, Pulumi

They are read as they are written, whoever's they are: what is named anywhere counts as allowed, so that only what is named nowhere is missed.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.launch import aside

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_FILES = ("*.tf", "*.json", "*.y*ml")
_ACTION = pattern(r"(?<![\w:/.-])(?:bedrock|sns|sqs|events|lambda|states|execute-api|ses|kinesis):[A-Z*][A-Za-z*]*(?![\w:/*-])")
_LISTED = pattern(r"[Aa]ctions?\b")
_BEFORE = 40
"""Lines that a list of actions may have above one of them."""
_ANYTHING = pattern(r"[Aa]ctions?[\"']?\s*[:=]\s*\[?\s*(?:-\s*)?[\"']?\*[\"']?(?=[\s,\]}]|$)|\bNot_?[Aa]ctions?\b|AdministratorAccess|PowerUserAccess|AWS::Serverless::Connector")
_ELSEWHERE = pattern(
    r"\b(?:statements|Statement|iamRoleStatements|Policies|managedPolicies|managed_policy_arns|policy_arn|ManagedPolicyArns|role|Role|executionRole)[\"']?\s*[:=]\s*\[?\s*[\"']?"
    r"(?:\$\{(?:file|ssm|param|env|opt|cf)\b|var\.|data\.|!ImportValue|arn:aws:iam::\d)|arn:aws:iam::(?:\d|\$\{)[^\s\"']*:(?:policy|role)/"
)
"""Statements, policies and roles that are not to be seen."""
_BY_NAME = (
    (pattern(r"Bedrock"), "bedrock"), (pattern(r"SNS|\.grant_?(?:P|p)ublish\b"), "sns"), (pattern(r"SQS|\.grant_?(?:S|s)end_?(?:M|m)essages\b|\.grant_?(?:C|c)onsume"), "sqs"),
    (pattern(r"EventBridge|CloudWatchEvents|\.grant_?(?:P|p)ut_?(?:E|e)vents"), "events"), (pattern(r"Lambda|\.grant_?(?:I|i)nvoke"), "lambda"), (pattern(r"\.grant_?(?:I|i)nvoke"), "bedrock"),
    (pattern(r"StepFunctions|\.grant_?(?:S|s)tart|\.grant_?(?:T|t)ask|\.grant_?(?:E|e)xecution"), "states"), (pattern(r"APIGateway|\.grant_?(?:M|m)anage_?(?:C|c)onnections"), "execute-api"),
    (pattern(r"SES|\.grant_?(?:S|s)end_?(?:E|e)mail"), "ses"), (pattern(r"Kinesis|\.grant_?(?:R|r)ead_?(?:W|w)rite\b|\.grant_?(?:W|w)rite\b"), "kinesis"),
)  # fmt: skip
"""Which service's actions a policy may hold, by its name, and which ones a construct of CDK grants."""
_GIVEN = pattern(r"[-{\[][ \t]*[\"']?(\w+Policy)[\"']?\s*:|policy/(?:service-role/)?(\w+)|fromAwsManagedPolicyName\(\s*[\"'](?:service-role/)?(\w+)|\b((?:Amazon|AWS)\w+(?:FullAccess|Role))\b|(\.grant_?\w*)\(")
"""SAM's own templates of policies, policies of AWS by their names, and what constructs grant."""
_HARMLESS = frozenset({"AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"})
"""They allow logs and networks alone."""
_BY_FRAMEWORK = ((pattern(r"^\s*-\s*websocket\b|\{\s*websocket\s*:"), "execute-api"), (pattern(r"^\s*(?:destinations|onError):"), "sns"), (pattern(r"^\s*(?:destinations|onError):"), "sqs"), (pattern(r"^\s*destinations:"), "lambda"), (pattern(r"^\s*destinations:"), "events"))
"""What the Serverless Framework lets a function do for an event or a destination that it is given."""
_OF_CODE = ("PolicyStatement", "aws-iam", "aws_iam", "iam.Policy", "pulumi_aws", "@pulumi/aws")


@dataclass(frozen=True, slots=True)
class Grant:
    """An action that a statement lists."""

    action: str
    path: str
    line: int


@dataclass(slots=True)
class Grants:
    """All that is listed, and what is named or may be held by a policy besides; `open`: the roles may do what is not to be seen."""

    listed: list[Grant] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    open: bool = False

    def of_service(self, action: str) -> list[Grant]:
        return [each for each in self.listed if each.action.partition(":")[0] == action.partition(":")[0]]

    def allows(self, action: str) -> bool:
        return any(fnmatch.fnmatchcase(action.lower(), each.lower()) for each in self.named)


def grants(eyes: Eyes) -> Grants:
    """What is listed in templates, Terraform, policies in files of their own, and programs that make roles."""
    found = Grants()
    for path, text in _texts(eyes):
        rows = text.split("\n")
        for number, row in enumerate(rows):
            for action in _ACTION.finditer(row):
                found.named.add(action[0])
                if any(_LISTED.search(each) for each in rows[max(0, number - _BEFORE) : number + 1]):
                    found.listed.append(Grant(action[0], path, number + 1))
        found.open = found.open or bool(_ANYTHING.search(text) or _ELSEWHERE.search(text))
        names = [name for given in _GIVEN.finditer(text) for name in given.groups() if name and name not in _HARMLESS]
        found.named |= {f"{service}:*" for named, service in _BY_NAME if any(named.search(name) for name in names)}
        if path.rpartition("/")[2].startswith("serverless"):
            found.named |= {f"{service}:*" for sign, service in _BY_FRAMEWORK if any(sign.search(row) for row in rows)}
    return found


def _texts(eyes: Eyes) -> Iterator[tuple[str, str]]:
    project = eyes.code.project
    for file in project.files_named(*_FILES):
        if not aside(eyes, file):
            yield file.name, project.text_of(file)
    for path in project.holding(_OF_CODE):
        text = project.text(path)
        if any(each in text for each in _OF_CODE):
            yield path, text
