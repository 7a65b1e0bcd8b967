"""`python -m bench`."""

import typer

from bench.speed import main

typer.run(main)
