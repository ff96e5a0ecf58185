"""Measure the integration with simulated cars: scripts/benchmark."""
