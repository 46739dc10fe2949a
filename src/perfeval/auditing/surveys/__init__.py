"""Checks of surveys."""
