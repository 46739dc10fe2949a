"""Checks of texts that people wrote."""
