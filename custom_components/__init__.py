"""Custom components, importable for tests and for mypy."""
