"""Runs that were killed: one sweep and one restore put the account in order, and nobody else's."""

from __future__ import annotations

from pathlib import Path

from killed_runs import outcome_of
from rehearsed import rehearsed_account


def test_what_killed_runs_left_is_swept_and_put_back(tmp_path: Path) -> None:
    """After kills at random moments, a sweep and a restore, all is as before; no secret is told."""
    rules = "ecr.validation.put-image or ecr.registry.template or ecr.registry.scanning"
    with rehearsed_account(tmp_path) as account:
        outcome = outcome_of(account, 2, 7, "-k", rules)
    assert outcome.untouched
    assert outcome.secrets == []
    assert outcome.swept.splitlines()[-1].endswith(" deleted")
    assert "left alone, because without the tag" in outcome.swept
