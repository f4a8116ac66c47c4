"""Programs of calls, driven against the target and the reference side by side."""
