"""`python -m perfeval`."""

from perfeval.cli.main import main

main()
