"""Engines. Each one reads the IR and nothing above it."""
