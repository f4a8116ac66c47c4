"""Reports of scenarios without the tracebacks that nobody asked for."""

from __future__ import annotations

import pytest

from conformance.suite.running.assignment import ASSIGNMENT


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> pytest.TestReport | None:
    """With ``--tb=no``, report how a phase of a scenario failed in the words of its exception.

    pytest would make a traceback even where none is shown, which takes longer than all else that
    there is to do about a check that is not kept.
    """
    if item.config.option.tbstyle != "no" or call.excinfo is None or call.when == "collect":
        return None
    if ASSIGNMENT not in item.stash or isinstance(call.excinfo.value, pytest.skip.Exception):
        return None
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords=dict.fromkeys(item.keywords, 1),
        outcome="failed",
        longrepr=call.excinfo.exconly(),
        when=call.when,
        duration=call.duration,
        start=call.start,
        stop=call.stop,
    )
