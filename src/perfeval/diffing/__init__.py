"""What changed between two rule sets: in what is written, in what it means, and in the scores that come of it."""
