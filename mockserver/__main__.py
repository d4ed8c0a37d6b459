"""`python -m mockserver`: the command line."""

from __future__ import annotations

from mockserver.cli import main

main(prog_name="mockserver")
