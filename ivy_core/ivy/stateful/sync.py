"""Moving a checkpoint between two modules of any two frameworks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ivy.backend import get_backend
from ivy.errors import ConversionError
from ivy.stateful.conversion import transfer
from ivy.stateful.spec import ModuleSpec, ParamSpec, permutation

__all__ = ["SyncReport", "paired", "sync_weights"]


@dataclass(frozen=True)
class SyncReport:
    """What `sync_weights` did.

    Args:
        copied: names of the target's parameters that got new values.
        missing: the target's parameters that the source has nothing for; they are unchanged.
        unused: the source's parameters that the target has no place for.
        params_v: the target's new variables, for a functional module (haiku, linen, equinox); None otherwise.
    """

    copied: tuple[str, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    params_v: Any = None

    def __str__(self) -> str:
        lines = [f"{len(self.copied)} parameters and buffers copied"]
        lines += [f"  missing in the source: {name}" for name in self.missing]
        lines += [f"  unused of the source:  {name}" for name in self.unused]
        return "\n".join(lines)


def sync_weights(
    source: Any,
    target: Any,
    *,
    params_v: Any = None,
    target_params_v: Any = None,
    rename: Callable[[str], str] | Mapping[str, str] | None = None,
) -> SyncReport:
    """Copy the parameters and buffers of one module into another of any framework.

    They are matched by name, and brought to the layout that the target stores them in. A module and what
    `ivy.transpile` made of it have the same names, so this works both ways between them.

    Args:
        source: module to read.
        target: module to write.
        params_v: the source's variables, if it is functional (haiku, linen).
        target_params_v: the target's variables, if it is functional; the report brings the new ones.
        rename: source name -> target name, a function or a dict, where the two differ.

    Returns:
        What was copied and what was left over on either side.

    Raises:
        ConversionError: if shapes differ; nothing is written then.

    Example:
        >>> import ivy
        >>> ivy.sync_weights(len, len)
        Traceback (most recent call last):
        ...
        ivy.errors.ConversionError: a builtin_function_or_method is no trainable module of an installed framework
          hint:   pass a torch.nn.Module, a flax, haiku or equinox module; ivy.transpile takes functions
    """
    from ivy.transpiler.modules import to_spec

    a: ModuleSpec = to_spec(source, params_v=params_v)
    b: ModuleSpec = to_spec(target, params_v=target_params_v)
    if b.load is None:
        raise ConversionError(f"a {b.system} module cannot be written to", hint="pass its variables: target_params_v=")
    backend = get_backend(b.framework)
    arrays = a.arrays()
    values, missing, wrong, used = {}, [], [], set()
    for p, found, perm in paired(a, b, rename):
        if found is None:
            missing.append(p.name)
            continue
        used.add(found.name)
        shape = tuple(found.shape[i] for i in perm) if perm else found.shape
        if shape != p.shape:
            wrong.append(f"{p.name}: {list(shape)} into {list(p.shape)}")
            continue
        values[p.name] = transfer(arrays[found.name], backend, perm)
    if wrong:
        raise ConversionError(
            f"{len(wrong)} parameters of {a.name} do not fit into {b.name}",
            why="; ".join(wrong[:5]),
            hint="convert one module from the other, or pass rename=",
        )
    new = b.load(values)
    unused = tuple(p.name for p in a.params if p.name not in used)
    return SyncReport(tuple(values), tuple(missing), unused, new)


def paired(
    a: ModuleSpec,
    b: ModuleSpec,
    rename: Callable[[str], str] | Mapping[str, str] | None = None,
) -> Iterator[tuple[ParamSpec, ParamSpec | None, tuple[int, ...] | None]]:
    """Match the parameters of two modules by name; those of standard layers by what they are for as well.

    Args:
        a: one module.
        b: the other.
        rename: a name of `a` -> a name of `b`, where the two differ.

    Returns:
        For each of `b`: itself, its counterpart if there is one, and the axes that bring the counterpart to its layout
        (None to keep them).
    """
    translate = rename.get if isinstance(rename, Mapping) else rename
    theirs: dict[str, ParamSpec] = {}
    for p in a.params:
        for name in _names(a, p):
            theirs[(translate(name) or name) if translate else name] = p
    for p in b.params:
        names = _names(b, p)
        found = next((theirs[n] for n in names if n in theirs), None)
        perm = None
        if found and p.role and found.role and p.role.kind == found.role.kind and len(p.shape) == len(found.shape):
            perm = permutation(found.role.layout, p.role.layout, len(p.shape))
        yield p, found, perm


def _names(spec: ModuleSpec, p: ParamSpec) -> list[str]:
    """Return what a parameter is called, and in a standard layer what that calls it in all systems."""
    names = []
    for path in (p.path, *p.aliases):
        names.append(_key(path))
        layer = spec.layers.get(path[:-1])
        role = None if layer is None else layer.role(path[-1])
        if role is not None:
            names.append(_key((*path[:-1], f"<{role}>")))
    return names


def _key(path: tuple[str, ...]) -> str:
    """Return a name without the marks that one system alone adds (haiku's ``~``, an underscore after a taken name)."""
    return ".".join(part.rstrip("_") or part for part in path if part != "~")
