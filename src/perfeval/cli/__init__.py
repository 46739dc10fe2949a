"""The command line: parses options, calls one function, prints what it returns. No rule, sum or rounding lives here."""
