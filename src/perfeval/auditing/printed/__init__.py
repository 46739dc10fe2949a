"""Checks of a finished report."""
