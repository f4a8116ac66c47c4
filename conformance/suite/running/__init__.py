"""A run of scenarios under pytest, from its opening to what is told of it."""
