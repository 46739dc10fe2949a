"""The exact interpreter and its trace."""
