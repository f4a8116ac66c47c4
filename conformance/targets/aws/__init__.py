"""AWS itself as a target, or what stands in for it in a rehearsal (``--endpoint-url``)."""
