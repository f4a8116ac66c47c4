"""The command of mutation testing."""

from __future__ import annotations

import mutation
import pytest


def test_a_module_without_mutants_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who misspells a module is told that nothing is made of it."""
    monkeypatch.setattr("sys.argv", ["mutation.py", "imagess"])
    with pytest.raises(SystemExit) as ended:
        mutation.main()
    assert ended.value.code == 2
    assert "no mutant is made of imagess" in capsys.readouterr().err
