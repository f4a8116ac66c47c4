"""Running a scenario once more, from the beginning, where a stale read may have misled it.

What pytest calls the protocol of an item (set up, call, tear down) is run without telling anybody;
told is the attempt that counts.
"""

from __future__ import annotations

import pytest
from _pytest.runner import runtestprotocol

from conformance.suite.checks import Check
from conformance.suite.running.assignment import ASSIGNMENT, CAREFUL, FINAL
from conformance.suite.running.carried import CHECKS, LEFT, Reports, carried, carry
from conformance.suite.verdicts import Verdict

_STANDING = {Verdict.NOT_APPLICABLE, Verdict.PASS, Verdict.UNSUPPORTED}
"""The verdicts that accuse nobody and lack nothing."""


def first_attempt(item: pytest.Item, nextitem: pytest.Item | None) -> Reports:
    """Run a scenario as pytest does, but tell nobody."""
    return runtestprotocol(item, log=False, nextitem=nextitem)


def is_doubtful(item: pytest.Item, reports: Reports) -> bool:
    """Whether what an attempt came to may be the work of a stale read."""
    own = (each for each in carried(reports, CHECKS) if _is_own(item, each))
    return not item.stash.get(FINAL, False) and any(check.verdict not in _STANDING for check in own)


def careful_attempt(item: pytest.Item, nextitem: pytest.Item | None, before: Reports) -> Reports:
    """Run a scenario again, with care; its verdicts take the place of those ``before``.

    What the exchange rules said of exchanges before stands: each was judged by itself, and nothing
    is told of it twice. So does what the attempt before left on the target.
    """
    assignment = item.stash[ASSIGNMENT]
    item.stash = pytest.Stash()
    item.stash[ASSIGNMENT] = assignment
    item.stash[CAREFUL] = True
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    watched = [each for each in carried(before, CHECKS) if not _is_own(item, each)]
    carry(reports[-1], CHECKS, watched)
    carry(reports[-1], LEFT, carried(before, LEFT))
    return reports


def tell(item: pytest.Item, reports: Reports) -> None:
    """Let everybody know how a scenario ended, as pytest does."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _is_own(item: pytest.Item, check: Check) -> bool:
    return check.rule == item.stash[ASSIGNMENT].rule.id
