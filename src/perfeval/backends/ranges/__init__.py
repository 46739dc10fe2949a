"""Which values an expression takes as one input runs over a range: exact pieces between exact ends."""
