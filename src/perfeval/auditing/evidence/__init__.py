"""Checks of the evidence."""
