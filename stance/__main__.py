"""`python -m stance`, the same as the command `stance`."""

from stance.cli import app

app(prog_name="stance")
