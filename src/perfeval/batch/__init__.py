"""A table of projects, one in a row: scored whole columns at a time, exactly as the interpreter scores each."""
