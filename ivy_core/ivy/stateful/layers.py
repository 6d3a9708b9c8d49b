"""Standard layers in one normal form, between any two module systems.

A *standard layer* is a part of a model whose class every framework has: a linear map, a convolution, a normalisation.
The source's plugin *recognises* it (an object of exactly that class, without hooks, parametrisations and further
parameters), which gives a `Layer`: what it means, in one convention for all systems. The target's plugin *builds* the
layer: the target's own class that means exactly the same, as a `Native`, or the reason why there is none.

A plugin has two functions for each of its module systems, tables of one entry per class:

- ``recognise(part) -> Layer | None``,
- ``build(layer) -> Native | str``; the text is the reason why the target's layer would not be the same.

Where the target's class has another layout of activations (channels last) or another detail of meaning (a running
variance that is biased), what is built is a subclass of it, so that tools which ask ``isinstance`` see it.

The normal form of the configuration, by kind (sizes of windows are tuples, one number for each spatial axis):

- ``linear``: in, out, bias.
- ``conv``: in, out, kernel, strides, padding, dilation, groups, padding_mode (``"zeros"``, ``"reflect"``,
  ``"replicate"``, ``"circular"``), bias, channels (``"first"`` or ``"last"``). The padding is pairs (before, after), or
  ``"same"`` where it depends on the data's size.
- ``conv_transpose``: likewise; the padding is pairs of what is cut from the whole output (negative numbers add zeros);
  flipped tells that the kernel is that of the convolution which it is the gradient of (torch, Keras), not of the
  convolution of the dilated data that computes it (flax by default).
- ``embedding``: num, features, padding_idx (a row without gradient, or None).
- ``layer_norm``, ``rms_norm``: shape (of the last axes), eps, scale, bias. An eps of None is the dtype's.
- ``batch_norm``: features, eps, momentum (the weight of the new value; None averages all), scale, bias, tracked (it has
  running statistics), unbiased (the running variance is), rank (number of spatial axes, None for any), channels.
- ``group_norm``: groups, features, eps, scale, bias, channels. ``instance_norm``: features, eps, scale, bias, channels.
- ``dropout``: rate, shared (the number of last axes that share one draw).
- ``max_pool``, ``avg_pool``: kernel, strides, padding, dilation, ceil, count_pad, divisor, channels.
  ``adaptive_max_pool``, ``adaptive_avg_pool``: sizes, channels.
- activations (`ACTIVATIONS`): their own parameters, for instance ``gelu``: approximate (``"none"`` or ``"tanh"``).
- ``flatten``: start, end. ``identity``.
- ``lstm``, ``gru``: in, hidden, layers, bias, batch_first, dropout, bidirectional, projection.
- ``attention``: features, heads, dropout, bias, and what else tells the frameworks' apart.

All kinds with weights have ``dtype``, the name of their dtype; a layer that computes in another one has ``compute``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from ivy.stateful.spec import ModuleSpec, permutation

__all__ = ["ACTIVATIONS", "Layer", "Native", "Plan", "complement", "like", "plan", "roles", "same_pairs", "sizes"]

ACTIVATIONS = frozenset(
    "relu relu6 gelu silu sigmoid tanh softmax log_softmax leaky_relu elu selu celu softplus softsign hardtanh "
    "hardswish hardsigmoid mish logsigmoid prelu tanhshrink".split()
)

Weights = Mapping[str, tuple[str, str | None]]
"""Role of a weight -> attribute that holds it, and the order of its axes where systems differ in that."""

MODAL = frozenset({"dropout", "batch_norm"})
"""The kinds that compute otherwise in training."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What a standard layer means.

    Args:
        kind: as in the module's list.
        config: the normal form of its configuration.
        weights: role -> (attribute of the source's part, layout). Roles: kernel, bias, scale, mean, var, count, slope.
        train: whether it is in training mode.

    Example:
        >>> from ivy.stateful.layers import Layer
        >>> Layer("linear", {"in": 3, "out": 4, "bias": False}, {"kernel": ("weight", "OI")}).config["out"]
        4
    """

    kind: str
    config: Mapping[str, Any]
    weights: Weights = field(default_factory=dict)
    train: bool = False

    def role(self, attribute: str) -> str | None:
        """Return what the part's attribute is for, None if it holds no weight."""
        return next((role for role, (name, _) in self.weights.items() if name == attribute), None)

    @property
    def modal(self) -> bool:
        """Whether the mode matters."""
        return self.kind in MODAL and self.config.get("tracked", True)


@dataclass(frozen=True, slots=True)
class Native:
    """How the target has a layer.

    Args:
        cls: the class of what `make` gives.
        weights: role -> (attribute of the target's layer, layout), for each role of the source's.
        make: gives the target's own layer without the weights (abstract arrays, None or nothing in their places), to be
            put there by the converter. It draws no random numbers.
        same: ``same(part, train)`` tells whether an object is still exactly what `make` gives: of that class, with that
            configuration, in that mode, with nothing added. It runs in every eager call.
    """

    cls: type
    weights: Weights
    make: Callable[[], Any]
    same: Callable[[Any, bool], bool]


def like(
    make: Callable[[], Any],
    weights: Iterable[str],
    *,
    modes: Mapping[str, tuple[Any, Any]] | None = None,
    ignored: Iterable[str] = (),
    added: Iterable[str] = (),
    state: Callable[[Any], dict[str, Any]] = vars,
) -> Callable[[Any, bool], bool]:
    """Return `Native.same` for a class whose objects have their whole configuration as attributes.

    An object is the same if its class is that of a fresh one, it has the same attributes, no more, and they are equal.

    Args:
        make: gives a fresh layer.
        weights: attributes that hold weights: only their presence counts.
        modes: attribute -> its values in evaluation and in training, where the mode matters.
        ignored: attributes of any value.
        added: those among them that a layer may have or not.
        state: gives the attributes of a layer; called for each, so it should be cheap.

    Returns:
        The function.
    """
    fresh = make()
    cls, modes = type(fresh), modes or {}
    own = state(fresh)
    extra = frozenset(added)
    free = {*weights, *ignored, *extra}
    names = [name for name in own if name not in free and name not in modes]
    names += list(modes)
    count = len(own.keys() | set(weights)) - len(own.keys() & extra)
    if len(names) < 2:
        names = [*names, *names] or []
    values = [own.get(name) for name in names]
    expected = [tuple(modes[n][train] if n in modes else v for n, v in zip(names, values)) for train in (0, 1)]
    get: Callable[[Any], Any] = itemgetter(*names) if names else _nothing

    def same(part: Any, train: bool) -> bool:
        if type(part) is not cls:
            return False
        now = state(part)
        if len(now) != count and len(now.keys() - extra) != count:
            return False
        try:
            return bool(get(now) == expected[train])
        except (KeyError, ValueError):  # an attribute is gone, or it is an array now
            return False

    return same


def _nothing(_: Any) -> tuple[()]:
    return ()


def roles(table: Weights, config: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Return the weights that a layer of this configuration has, out of all of its kind.

    ``bias`` and ``scale`` are there if the configuration says so; ``mean``, ``var`` and ``count`` if it is ``tracked``.
    """
    needs = {"bias": "bias", "scale": "scale", "mean": "tracked", "var": "tracked", "count": "tracked"}
    return {role: how for role, how in table.items() if config.get(needs.get(role, ""), True)}


def complement(momentum: float) -> float:
    """Return the weight of the new value for that of the old one in a running average, and the other way round.

    Example:
        >>> from ivy.stateful.layers import complement
        >>> complement(0.99)
        0.01
    """
    return round(1 - momentum, 12)


def sizes(x: Any, rank: int) -> tuple[int, ...]:
    """Return a window's size, strides or dilation with one number for each spatial axis (None is 1)."""
    if x is None:
        x = 1
    return (int(x),) * rank if isinstance(x, int) else tuple(int(i) for i in x)


def same_pairs(kernel: tuple[int, ...], dilation: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """Return the padding ``"same"`` as pairs where it does not depend on the data's size, else the word.

    Example:
        >>> from ivy.stateful.layers import same_pairs
        >>> same_pairs((3, 4), (1, 1), (1, 1)), same_pairs((3,), (1,), (2,))
        (((1, 1), (1, 2)), 'same')
    """
    if any(stride != 1 for stride in strides):
        return "same"
    totals = [d * (k - 1) for k, d in zip(kernel, dilation)]
    return tuple((total // 2, total - total // 2) for total in totals)


# -- the layers of a model --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """Which parts of a model are the target's own layers.

    Args:
        layers: path of the source's submodule -> what it means, for those that have a native layer.
        natives: path -> the target's layer.
        reasons: path -> kind of the standard layer, and why it is none of the target's.
        storage: name of a native layer's parameter -> kind, old layout, new layout and axes; None where they are kept.
    """

    layers: Mapping[tuple[str, ...], Layer] = field(default_factory=dict)
    natives: Mapping[tuple[str, ...], Native] = field(default_factory=dict)
    reasons: Mapping[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    storage: Mapping[str, tuple[str, str, str, tuple[int, ...]] | None] = field(default_factory=dict)

    def names(self, path: tuple[str, ...]) -> dict[str, str]:
        """Return how the native layer at a path calls what the source's part there calls so."""
        layer, native = self.layers[path], self.natives[path]
        return {attribute: native.weights[role][0] for role, (attribute, _) in layer.weights.items()}

    def below(self, whole: ModuleSpec, path: tuple[str, ...], spec: ModuleSpec) -> Plan:
        """Return the choice for a submodule, as it was made for the whole model.

        Args:
            whole: the model.
            path: the submodule's path.
            spec: the submodule alone.
        """

        def first(at: tuple[str, ...]) -> tuple[str, ...]:
            for cut in range(len(at), 0, -1):
                if at[:cut] in whole.shared:
                    return first((*whole.shared[at[:cut]], *at[cut:]))
            return at

        own = {at: there for at in spec.layers if (there := first((*path, *at))) in self.natives}
        names = {at: p.name for p in whole.params for at in (p.path, *p.aliases)}
        params = {p.name: names.get((*path, *p.path), "") for p in spec.params}
        return Plan(
            {at: spec.layers[at] for at in own},
            {at: self.natives[there] for at, there in own.items()},
            {at: self.reasons[there] for at in spec.layers if (there := first((*path, *at))) in self.reasons},
            {name: self.storage[there] for name, there in params.items() if there in self.storage},
        )


def plan(
    spec: ModuleSpec,
    build: Callable[[Layer], Native | str],
    *,
    share_memory: bool = False,
) -> Plan:
    """Choose the target's own layer for each standard layer of a model that it has one for.

    Args:
        spec: the model. It is no layer itself, though it may mean one.
        build: the target's function.
        share_memory: parameters keep the source's memory, so that no layer may need another order of axes.

    Returns:
        The choice.
    """
    params = {path: p for p in spec.params for path in (p.path, *p.aliases)}
    natives: dict[tuple[str, ...], Native] = {}
    reasons: dict[tuple[str, ...], tuple[str, str]] = {}
    storage: dict[str, tuple[str, str, str, tuple[int, ...]] | None] = {}
    chosen: dict[str, tuple[tuple[int, ...] | None, tuple[str, ...]]] = {}
    known: dict[Any, Native | str] = {}
    for path, layer in spec.layers.items():
        if not path or path in spec.shared or any((*path, name) not in params for name, _ in layer.weights.values()):
            continue
        key = (layer.kind, tuple(sorted(layer.config.items())), tuple(sorted(layer.weights.items())), layer.train)
        if key not in known:
            known[key] = build(layer)
        made = known[key]
        if isinstance(made, str):
            reasons[path] = layer.kind, made
            continue
        wanted, why = {}, None
        for role, p, old, new in _moves(path, layer, made, params):
            perm = None if old is None or new is None else permutation(old, new, len(p.shape))
            before = chosen.get(p.name)
            if perm is not None and share_memory:
                why = f"its {role} shares the source's memory, in another order of axes ({old}) than its own ({new})"
            elif before is not None and before[0] != perm:
                why = f"its {role} is that of {'.'.join(before[1])}, which has it in another order of axes"
            wanted[p.name] = perm, (layer.kind, str(old), str(new), perm or ())
        if why is not None:
            reasons[path] = layer.kind, why
            continue
        natives[path] = made
        for name, (perm, how) in wanted.items():
            chosen.setdefault(name, (perm, path))
            storage[name] = None if perm is None else how
    return Plan({path: spec.layers[path] for path in natives}, natives, reasons, storage)


def _moves(path: tuple[str, ...], layer: Layer, native: Native, params: Mapping[Any, Any]) -> Iterator[Any]:
    for role, (attribute, old) in layer.weights.items():
        p = params[(*path, attribute)]
        # a model that was converted before may have it in another order than its class has
        yield role, p, p.role.layout if p.role else old, native.weights[role][1]
