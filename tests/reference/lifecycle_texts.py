"""Texts of lifecycle policies, as a user of ECR writes them."""

from __future__ import annotations

import json
from typing import Any

ARCHIVE = {"type": "transition", "targetStorageClass": "archive"}


def rule(priority: int = 1, *, action: Any = None, **selection: Any) -> dict[str, Any]:
    """A rule; it keeps one image of any tag and expires the others, but for what is given."""
    defaults = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}
    return {
        "rulePriority": priority,
        "description": f"Rule {priority}",
        "selection": {**defaults, **selection},
        "action": {"type": "expire"} if action is None else action,
    }


def tagged(*patterns: str, **more: Any) -> dict[str, Any]:
    """The members of a selection by tag patterns."""
    return {"tagStatus": "tagged", "tagPatternList": list(patterns), **more}


def since(moment: str, days: int, **more: Any) -> dict[str, Any]:
    """The members of a selection by time: since the image was ``Pushed``, ``Pulled`` and so on."""
    return {"countType": f"sinceImage{moment}", "countUnit": "days", "countNumber": days, **more}


def text(*rules: Any) -> str:
    """The text of a policy."""
    return json.dumps({"rules": rules}, indent=4)
