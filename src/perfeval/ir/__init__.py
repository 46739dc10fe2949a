"""The language between rules and engines."""
