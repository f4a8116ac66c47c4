"""Scenarios of what ECR and ECR Public have in common."""
