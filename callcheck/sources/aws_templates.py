"""Under which names do AWS templates stand in a project?"""

from __future__ import annotations

TEMPLATES = ("template.y*ml", "template.json", "sam.y*ml", "*.template.json", "*.template.y*ml", "*cloudformation*.y*ml")
"""CloudFormation, with SAM and what CDK writes."""
SERVERLESS = "serverless.y*ml"
"""The Serverless Framework's file, whose `resources` are CloudFormation too."""
