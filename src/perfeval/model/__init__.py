"""What the files say, and what came of it: frozen models."""
