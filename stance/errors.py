"""The package's own errors: one clear line each, never a traceback for the user."""

from __future__ import annotations


class StanceError(Exception):
    """Base of every error that a user can mend. Its text is one line."""


class InputError(StanceError):
    """Something that was given cannot be used.

    Args:
        what: What is wrong, in a few words.
        source: File, URL or other name of the input that is at fault.
        line: One-based line in `source`, where there is one.
        fix: What the user can do about it.
    """

    def __init__(
        self,
        what: str,
        *,
        source: str | None = None,
        line: int | None = None,
        fix: str | None = None,
    ) -> None:
        self.what = what
        self.source = source
        self.line = line
        self.fix = fix
        place = "" if source is None else f"{source}:{line}: " if line else f"{source}: "
        super().__init__(" ".join(f"{place}{what}{'; ' + fix if fix else ''}".split()))


class ModelError(StanceError):
    """A model folder is missing, incomplete or of another kind than asked for."""


class ConfigError(StanceError):
    """A configuration holds an unknown, missing or ill-typed key, named by its dotted path."""


class MissingExtraError(StanceError):
    """A part that needs an optional dependency is used without it; the text holds the command."""
