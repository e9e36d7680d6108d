"""Plain mappings (as Hydra composes them) → configuration dataclasses, checked key by key."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from stance.errors import ConfigError

T = typing.TypeVar("T")


def build(cls: type[T], values: Mapping[str, Any], path: str = "") -> T:
    """Builds a configuration dataclass from a plain mapping.

    Args:
        cls: A dataclass whose fields are scalars, mappings or such dataclasses.
        values: Nested mapping, as OmegaConf gives it.
        path: Dotted path of `values`, for messages.

    Returns:
        The checked configuration.

    Raises:
        ConfigError: A key is unknown, missing or of the wrong type.
    """
    hints = typing.get_type_hints(cls)
    names = {f.name for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in values:
        if key not in names:
            known = ", ".join(sorted(names))
            raise ConfigError(f"{path}{key}: unknown key; known here: {known}")
    out: dict[str, Any] = {}
    for name in names:
        if name not in values:
            raise ConfigError(f"{path}{name}: missing")
        out[name] = _convert(hints[name], values[name], f"{path}{name}")
    return cls(**out)


def _convert(hint: Any, value: Any, path: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return build(typing.cast("type[Any]", hint), _mapping(value, path), f"{path}.")
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        if value is None and type(None) in args:
            return None
        return _convert(next(a for a in args if a is not type(None)), value, path)
    if origin is Literal:
        if value not in args:
            raise ConfigError(f"{path}: {value!r} is not one of {', '.join(map(str, args))}")
        return value
    if origin is dict:
        return {k: _convert(args[1], v, f"{path}.{k}") for k, v in _mapping(value, path).items()}
    if origin is list:
        if not isinstance(value, list):
            raise ConfigError(f"{path}: expected a list, found {value!r}")
        return [_convert(args[0], v, f"{path}.{i}") for i, v in enumerate(value)]
    return _scalar(hint, value, path)


def _mapping(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{path}: expected a mapping, found {value!r}")
    return {str(k): v for k, v in value.items()}


def _scalar(hint: Any, value: Any, path: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ConfigError(f"{path}: expected {hint.__name__}, found {value!r}")
    return value
