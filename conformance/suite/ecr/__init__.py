"""Scenarios of what only ECR has."""
