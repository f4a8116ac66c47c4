"""The operations: one module a topic of AWS's documentation, pure functions all."""
