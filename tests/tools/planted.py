"""Credentials of every kind that people leave in code, configuration and logs, each with the line on which it would stand.

Put together here, from parts, so that no scanner takes this file for a leak; none of them was ever valid.
"""

from __future__ import annotations

import base64
import random
import string
from dataclasses import dataclass

_random = random.Random(20261126)


def _some(count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """So many characters, digits and letters of both cases among them where the alphabet has them."""
    while True:
        made = "".join(_random.choice(alphabet) for _ in range(count))
        if all(any(c in group for c in made) for group in (string.ascii_lowercase, string.ascii_uppercase, string.digits) if set(group) <= set(alphabet)):
            return made


_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits
B64 = string.ascii_letters + string.digits + "+/"


@dataclass(frozen=True)
class Plant:
    """One credential; `line` holds it where `{}` stands."""

    kind: str
    secret: str
    line: str = "{}"

    @property
    def written(self) -> str:
        """The line as it would stand somewhere."""
        return self.line.replace("{}", self.secret)


def _jwt() -> str:
    return ".".join(base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in ('{"alg":"HS256"}', '{"sub":"1234567890","name":"x"}', _some(24)))


PLANTS: tuple[Plant, ...] = (
    Plant("aws-access-key-id", "AKIA" + _some(16, _UPPER)),
    Plant("aws-session-key-id", "ASIA" + _some(16, _UPPER)),
    Plant("aws-secret-key-env", _some(40, B64), "AWS_SECRET_ACCESS_KEY={}"),
    Plant("aws-secret-key-json", _some(40, B64), '{"SecretAccessKey": "{}"}'),
    Plant("aws-secret-key-js", _some(40, B64), "new S3({ secretAccessKey: '{}' })"),
    Plant("github-pat", "ghp" + "_" + _some(36)),
    Plant("github-oauth", "gho" + "_" + _some(36)),
    Plant("github-refresh", "ghr" + "_" + _some(36)),
    Plant("github-fine-grained", "github" + "_pat_" + _some(22) + "_" + _some(59)),
    Plant("gitlab-pat", "glpat" + "-" + _some(20)),
    Plant("gitlab-runner", "glrt" + "-" + _some(20)),
    Plant("slack-bot", "xox" + "b-" + _some(12, string.digits) + "-" + _some(24)),
    Plant("slack-app", "xapp" + "-1-" + _some(11, _UPPER) + "-" + _some(13, string.digits) + "-" + _some(32, _HEX)),
    Plant("slack-webhook", "/".join(("T" + _some(8, _UPPER), "B" + _some(8, _UPPER), _some(24))), "https://hooks.slack.com/services/{}"),
    Plant("stripe-live", "sk" + "_live_" + _some(24)),
    Plant("stripe-restricted", "rk" + "_live_" + _some(24)),
    Plant("stripe-webhook", "whsec" + "_" + _some(32)),
    Plant("openai", "sk" + "-" + _some(48)),
    Plant("openai-project", "sk" + "-proj-" + _some(60, string.ascii_letters + string.digits + "-_")),
    Plant("anthropic", "sk" + "-ant-api03-" + _some(60)),
    Plant("google-api-key", "AI" + "za" + _some(35)),
    Plant("google-oauth-secret", "GOC" + "SPX-" + _some(28)),
    Plant("google-access-token", "ya" + "29." + _some(60)),
    Plant("azure-storage", _some(86, B64) + "==", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={};EndpointSuffix=core.windows.net"),
    Plant("azure-service-bus", _some(43, B64) + "=", "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey={}"),
    Plant("azure-client-secret", _some(3) + "8Q" + "~" + _some(34)),
    Plant("azure-sas", _some(43) + "%3D", "https://shop.blob.core.windows.net/a?sv=2024-11-04&sp=r&sig={}"),
    Plant("azure-openai-header", _some(32, _HEX), "api-key: {}"),
    Plant("twilio-api-key", "SK" + _some(32, _HEX)),
    Plant("twilio-auth-token", _some(32, _HEX), "TWILIO_AUTH_TOKEN={}"),
    Plant("sendgrid", "SG" + "." + _some(22) + "." + _some(43)),
    Plant("mailgun", "key" + "-" + _some(32, _HEX)),
    Plant("npm", "npm" + "_" + _some(36)),
    Plant("pypi", "pypi" + "-AgEIcHlwaS5vcmc" + _some(60)),
    Plant("rubygems", "rubygems" + "_" + _some(48, _HEX)),
    Plant("docker-hub", "dckr" + "_pat_" + _some(27)),
    Plant("discord-bot", "M" + _some(23) + "." + _some(6) + "." + _some(38)),
    Plant("discord-webhook", _some(68), "https://discord.com/api/webhooks/1234567890/{}"),
    Plant("telegram-bot", "123456789" + ":AA" + _some(33)),
    Plant("telegram-url", "987654321" + ":AA" + _some(33), "https://api.telegram.org/bot{}/sendMessage"),
    Plant("jwt", _jwt()),
    Plant("huggingface", "hf" + "_" + _some(34)),
    Plant("groq", "gsk" + "_" + _some(52)),
    Plant("replicate", "r8" + "_" + _some(37)),
    Plant("langsmith", "lsv2" + "_pt_" + _some(32, _HEX) + "_" + _some(10, _HEX)),
    Plant("vault", "hv" + "s." + _some(90)),
    Plant("digitalocean", "dop" + "_v1_" + _some(64, _HEX)),
    Plant("databricks", "dapi" + _some(32, _HEX)),
    Plant("shopify", "shpat" + "_" + _some(32, _HEX)),
    Plant("square", "sq0" + "csp-" + _some(43)),
    Plant("new-relic", "NRAK" + "-" + _some(27, _UPPER)),
    Plant("grafana", "glsa" + "_" + _some(32) + "_" + _some(8, _HEX)),
    Plant("linear", "lin" + "_api_" + _some(40)),
    Plant("atlassian", "ATATT3" + _some(60)),
    Plant("terraform-cloud", _some(14) + ".atlas" + "v1." + _some(64)),
    Plant("private-key", _some(48), "-----BEGIN RSA PRIVATE " + "KEY-----\\n{}\\n-----END RSA PRIVATE " + "KEY-----"),
    Plant("basic-auth-url", "hunter2horse", "https://deploy:{}@registry.acme.dev/v2"),
    Plant("dsn-postgres", "c0rrect-horse", "postgres://app:{}@db.acme.dev:5432/shop"),
    Plant("dsn-with-at-and-slash", "p@ss/w0rd-8x", "postgres://app:{}@db:5432/shop"),
    Plant("dsn-go", "hunter2horse5", "open app:{}@tcp(db:3306)/shop"),
    Plant("dsn-redis", "batteryStaple9", "redis://:{}@cache:6379/0"),
    Plant("dsn-keywords", "lettersonly", "host=db user=app password={} dbname=shop"),
    Plant("ado-connection", "Tr0ub4dor", "Server=db;Database=shop;User Id=app;Password={};Encrypt=true"),
    Plant("bearer", _some(40), "Authorization: Bearer {}"),
    Plant("basic-header", base64.b64encode(b"deploy:hunter2horse").decode(), "Authorization: Basic {}"),
    Plant("token-header", _some(40, _HEX), "Authorization: Token {}"),
    Plant("x-api-key", _some(32), "'X-Api-Key': '{}'"),
    Plant("header-call", _some(32), "xhr.setRequestHeader('X-Auth-Token', '{}')"),
    Plant("cookie", _some(32), "Cookie: theme=dark; connect.sid={}"),
    Plant("set-cookie", "s%3A" + _some(32) + "." + _some(43), "Set-Cookie: sid={}; Path=/; HttpOnly"),
    Plant("env-file", "correcthorsebattery", "DB_PASSWORD={}"),
    Plant("env-file-secret", "nodigitsinhere", "SESSION_SECRET={}"),
    Plant("pgpassword", "elephantshoe", "PGPASSWORD={} psql -h db shop"),
    Plant("yaml-password", "hunterhorse", "password: {}"),
    Plant("yaml-secret", _some(24), "client_secret: {}"),
    Plant("json-camel", "s3cr3tPa55", '"dbPassword": "{}"'),
    Plant("json-in-json", _some(24), '{\\"apiKey\\":\\"{}\\"}'),
    Plant("name-value", "horsebattery7", '{"name": "DB_PASSWORD", "value": "{}"}'),
    Plant("base64-of-password", base64.b64encode(b"hunter2horse+staple9").decode(), "password: {}"),
    Plant("url-token", _some(32), "GET /hooks?id=7&access_token={}&x=1"),
    Plant("url-encoded", _some(20) + "%2B" + _some(8) + "%3D", "token%3D{}"),
    Plant("presigned", _some(64, _HEX), "https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature={}"),
    Plant("command-line", "s3cretWord", "worker --broker-password {} --queue mail"),
    Plant("curl-user", "s3cretWord7", "curl -u deploy:{} https://acme.dev"),
    Plant("mysql-dash-p", "s3cretWord8", "mysqldump -u root -p{} shop"),
    Plant("card", "4111 1111 1111 1111", "charging card {}"),
)
