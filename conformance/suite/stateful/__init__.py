"""Programs of calls, driven against the target and the reference side by side."""

ANY_PROGRAM = "repositories.any-program"
"""The name of the rule that they decide."""
