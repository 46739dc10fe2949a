"""Checks of the rule set."""
