"""The independent referee for Amazon ECR and Amazon ECR Public."""

__version__ = "0.1.0"
