"""Scenarios of what only ECR Public has."""
