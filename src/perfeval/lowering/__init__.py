"""Models to programs and evidence to the values that a program asks for."""
