"""Requests that are made rather than written, and what they start from."""
