"""Finds, loads and looks up plugins.

Why it is built this way:

* Plugins are found through entry points, scanned on first use and kept; ``import ivy`` scans nothing.
* Each plugin loads in isolation.  One that fails keeps its exception, which is raised when *that* framework is asked
  for: a broken plugin never breaks ``import ivy``, the listing, or another plugin.
* Loading a plugin imports its light ``plugin`` module alone.  Parts (backend, frontend, capture, converters) are
  imported when asked for, and only they may import a framework.
* A framework may be missing although its plugin is there: the frontend never needs it.  So a missing framework is an
  error of the parts that need it, not of the plugin.

pluggy and ``importlib.metadata`` are imported inside functions: they cost more than ``import ivy`` may take.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from ivy.errors import ArgumentError, PluginError, PluginVersionError, UnknownFrameworkError
from ivy.provenance import module_roots, references

if TYPE_CHECKING:
    import pluggy

    from ivy.graph.graph import Graph
    from ivy.hookspecs import PluginInfo

__all__ = [
    "LoadedPlugin",
    "PluginStatus",
    "array_owner",
    "find_converter",
    "get_plugin",
    "graph_passes",
    "hook",
    "module_roots",
    "object_owner",
    "plugins",
    "refresh_plugins",
    "register_plugin",
    "third_party_converters",
]

ENTRY_POINT_GROUP = "ivy.plugins"
ENV_NO_AUTOLOAD = "IVY_DISABLE_PLUGIN_AUTOLOAD"
ENV_ALLOW = "IVY_PLUGINS"
ENV_BLOCK = "IVY_BLOCK_PLUGINS"

# Parts that work where the framework itself is not installed.
_FRAMEWORK_FREE_PARTS = frozenset({"frontend"})


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """What is known about one plugin, found without importing any framework.

    Attributes:
        name: The plugin's name, which is its framework's.
        distribution: The distribution that the plugin comes from; None for one registered by hand.
        version: That distribution's version.
        framework: The framework's distribution.
        framework_version: The framework's installed version; None when it is not installed.
        provides: Parts and converters that can be used: ``("backend", ..., "converter:haiku")``.
        missing: The parts and converters that can't, with the command that installs what they lack.
        error: Why the plugin failed to load; None when it loaded or is blocked.
        blocked: Which setting keeps the plugin from loading; None when it is not blocked.
    """

    name: str
    distribution: str | None = None
    version: str | None = None
    framework: str | None = None
    framework_version: str | None = None
    provides: tuple[str, ...] = ()
    error: PluginError | None = None
    blocked: str | None = None
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the plugin loaded."""
        return self.error is None and self.blocked is None


@dataclass(slots=True)
class LoadedPlugin:
    """A plugin that loaded; its parts are imported when they are asked for."""

    info: PluginInfo
    distribution: str | None
    version: str | None
    framework_version: str | None
    _modules: dict[str, ModuleType] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The plugin's name, which is its framework's."""
        return self.info.name

    def has(self, part: str) -> bool:
        """Whether the plugin provides a part, without importing it."""
        return part in self.info.parts

    def part(self, name: str) -> ModuleType:
        """Import a part of the plugin.

        Args:
            name: ``"backend"``, ``"frontend"`` or ``"capture"``.

        Returns:
            The part's module.

        Raises:
            PluginError: The plugin doesn't provide the part, the framework is missing, or the import fails.

        Example:
            >>> get_plugin("numpy").part("backend").__name__
            'ivy_numpy.backend'
        """
        return self._modules.get(name) or self._import(name, self.info.parts.get(name), f"the part {name!r}")

    def converter(self, name: str) -> ModuleType:
        """Import the converter of a module system.

        Args:
            name: The module system: ``"torch"``, ``"flax"``, ``"haiku"``, ...

        Returns:
            The converter's module.

        Raises:
            PluginError: As for `part`.
        """
        key = f"converter:{name}"
        path = self.info.converters.get(name)
        return self._modules.get(key) or self._import(key, path, f"a converter for {name!r}")

    def provides(self) -> tuple[str, ...]:
        """Names of the parts and converters that can be used here."""
        return tuple(name for name in self._names() if self._lack(name) is None)

    def missing(self) -> dict[str, str]:
        """The parts and converters that can't be used here, with the command that installs what they lack."""
        lacks = {name: self._lack(name) for name in self._names()}
        return {name: self._install(name, lack) for name, lack in lacks.items() if lack is not None}

    def _names(self) -> list[str]:
        return [*self.info.parts, *(f"converter:{name}" for name in self.info.converters)]

    def _lack(self, key: str) -> str | None:
        """The distribution that a part or converter needs and that is not installed."""
        if self._lacks_framework(key):
            return self.info.framework
        needed = self.info.needs.get(key.removeprefix("converter:")) if key.startswith("converter:") else None
        return needed if needed is not None and _installed_version(needed) is None else None

    def _install(self, key: str, lack: str) -> str:
        """The command that installs what is missing, by the plugin's own extra where it has one of that name."""
        extra = key.removeprefix("converter:")
        if self.distribution is not None and extra in _extras(self.distribution):
            return f'pip install "{self.distribution}[{extra}]"'
        return f"pip install {lack}"

    def _lacks_framework(self, key: str) -> bool:
        needs = self.info.framework is not None and key not in _FRAMEWORK_FREE_PARTS
        return needs and self.framework_version is None

    def _import(self, key: str, path: str | None, words: str) -> ModuleType:
        if path is None:
            have = ", ".join(self.provides()) or "nothing"
            raise self._error(f"the plugin {self.name!r} does not provide {words}", why=f"it provides {have}")
        lack = self._lack(key)
        if lack is not None:
            raise self._error(
                f"{words} of the plugin {self.name!r} needs {lack}",
                why=f"{lack} is not installed",
                hint=self._install(key, lack),
            )
        try:
            module = importlib.import_module(path)
        except Exception as error:
            raise self._error(
                f"{words} of the plugin {self.name!r} failed to import",
                why=_describe(error),
                hint=_missing_module_hint(error),
            ) from error
        self._modules[key] = module
        return module

    def _error(self, what: str, *, why: str, hint: str | None = None) -> PluginError:
        return PluginError(what, plugin=self.name, distribution=self.distribution, why=why, hint=hint)


@dataclass(slots=True)
class _Candidate:
    """A plugin that was found; loaded at most once."""

    name: str
    load: Callable[[], object]
    distribution: str | None = None
    version: str | None = None
    blocked: str | None = None
    error: PluginError | None = None
    loaded: LoadedPlugin | None = None

    def fail(
        self, what: str, *, why: str, hint: str | None = None, kind: type[PluginError] = PluginError
    ) -> PluginError:
        return kind(what, plugin=self.name, distribution=self.distribution, why=why, hint=hint)


class _Registry:
    """All plugins that were found, and the pluggy manager they are registered with."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._candidates: dict[str, _Candidate] | None = None
        self._manager: pluggy.PluginManager | None = None
        self._manual: dict[str, _Candidate] = {}
        self._array_classes: dict[str, str] = {}
        self._exact_classes: set[str] = set()
        self.owners: dict[type, str | None] = {}
        self.functions: dict[str, dict[str, Callable[..., Any]]] = {}

    @property
    def manager(self) -> pluggy.PluginManager:
        manager = self._manager
        if manager is None:
            import pluggy

            from ivy import hookspecs

            with self._lock:
                manager = self._manager
                if manager is None:
                    manager = pluggy.PluginManager(hookspecs.PROJECT)
                    manager.add_hookspecs(hookspecs)
                    self._manager = manager
        return manager

    def refresh(self) -> None:
        with self._lock:
            self._candidates = None
            self._manager = None
            self._array_classes = {}
            self._exact_classes = set()
            self.owners, self.functions = {}, {}
            for candidate in self._manual.values():
                candidate.loaded = candidate.error = None

    def candidates(self) -> dict[str, _Candidate]:
        with self._lock:
            if self._candidates is None:
                self._candidates = {**_scan(), **self._manual}
            return self._candidates

    def add(self, candidate: _Candidate) -> None:
        with self._lock:
            if candidate.name in self.candidates():
                raise candidate.fail(
                    f"a plugin named {candidate.name!r} exists already",
                    why=f"it comes from {self.candidates()[candidate.name].distribution or 'register_plugin'}",
                    hint="register it under another name, or block the other one first",
                )
            self._manual[candidate.name] = self.candidates()[candidate.name] = candidate
            self.owners, self.functions = {}, {}

    def remove(self, name: str) -> None:
        with self._lock:
            if self._manual.pop(name, None) is not None:
                self.refresh()

    def get(self, name: str) -> LoadedPlugin:
        candidate = self.candidates().get(name)
        if candidate is None:
            raise UnknownFrameworkError(name, self.candidates())
        if candidate.blocked is not None:
            raise candidate.fail(
                f"the plugin {name!r} is blocked",
                why=f"by {candidate.blocked}",
                hint="change the environment variable, then call ivy.refresh_plugins()",
            )
        loaded = self._load(candidate)
        if loaded is None:
            assert candidate.error is not None
            # The same exception is raised each time; without this its traceback would grow with every raise.
            raise candidate.error.with_traceback(None)
        return loaded

    def load_all(self) -> list[LoadedPlugin]:
        """Every plugin that loads; the others keep their errors."""
        found = (self._load(candidate) for candidate in list(self.candidates().values()))
        return [plugin for plugin in found if plugin is not None]

    def status(self) -> list[PluginStatus]:
        self.load_all()
        return [_status(candidate) for candidate in self.candidates().values()]

    def owner_of_class(self, cls: type) -> str | None:
        self.load_all()
        for base in cls.__mro__:
            name = f"{getattr(base, '__module__', '')}.{base.__qualname__}"
            owner = self._array_classes.get(name)
            if owner is not None and base is not cls and name in self._exact_classes:
                raise ArgumentError(
                    f"arrays of the class {cls.__module__}.{cls.__qualname__} are not supported",
                    why=f"it is a kind of {name} that computes in a way of its own, which no other framework has",
                    hint=f"pass plain arrays of {name}, to compute with the values alone",
                )
            if owner is not None:
                return owner
        answer: str | None = self.manager.hook.ivy_array_owner(cls=cls)
        return answer

    def _load(self, candidate: _Candidate) -> LoadedPlugin | None:
        if candidate.loaded is not None:
            return candidate.loaded
        if candidate.error is not None or candidate.blocked is not None:
            return None
        with self._lock:
            if candidate.loaded is None and candidate.error is None:
                try:
                    candidate.loaded = self._load_now(candidate)
                except PluginError as error:
                    candidate.error = error
        return candidate.loaded

    def _load_now(self, candidate: _Candidate) -> LoadedPlugin:
        try:
            plugin = candidate.load()
        except Exception as error:
            raise candidate.fail(
                f"the plugin {candidate.name!r} failed to import",
                why=_describe(error),
                hint=_missing_module_hint(error),
            ) from error
        info = _read_info(candidate, plugin)
        framework_version = _check_versions(candidate, info)
        for name in info.array_types:
            if self._array_classes.get(name, info.name) != info.name:
                raise candidate.fail(
                    f"the plugin {candidate.name!r} claims an array type of another plugin",
                    why=f"{name} belongs to {self._array_classes[name]!r}",
                )
        self._register(candidate, plugin)
        self._array_classes.update(dict.fromkeys(info.array_types, info.name))
        self._exact_classes.update(info.exact_types)
        return LoadedPlugin(info, candidate.distribution, candidate.version, framework_version)

    def _register(self, candidate: _Candidate, plugin: object) -> None:
        import pluggy

        _check_markers(candidate, plugin)
        try:
            self.manager.register(plugin, candidate.name)
            self.manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            if self.manager.get_plugin(candidate.name) is plugin:
                self.manager.unregister(plugin)
            raise candidate.fail(
                f"the plugin {candidate.name!r} implements a hook wrongly",
                why=str(error),
                hint="ivy/hookspecs.py lists the hooks and their arguments",
            ) from error


def _scan() -> dict[str, _Candidate]:
    """Find plugins by entry point.  Loads none."""
    import importlib.metadata

    found: dict[str, list[_Candidate]] = {}
    for entry in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP):
        distribution = entry.dist.name if entry.dist is not None else None
        version = entry.dist.version if entry.dist is not None else None
        blocked = _blocked(entry.name, distribution)
        found.setdefault(entry.name, []).append(
            _Candidate(entry.name, entry.load, distribution, version, blocked=blocked)
        )
    return {name: _only_one(found[name]) for name in sorted(found)}


def _only_one(same_name: list[_Candidate]) -> _Candidate:
    # A block-list entry with a distribution's name settles which of several is meant.
    usable = [candidate for candidate in same_name if candidate.blocked is None]
    if len(usable) > 1:
        names = ", ".join(str(candidate.distribution) for candidate in usable)
        usable[0].error = usable[0].fail(
            f"several plugins are named {usable[0].name!r}",
            why=f"they come from the distributions {names}",
            hint=f"uninstall all but one, or name one to ignore in {ENV_BLOCK}",
        )
    return usable[0] if usable else same_name[0]


def _blocked(name: str, distribution: str | None) -> str | None:
    """Which setting keeps a plugin from loading, if any; both its name and its distribution's may be listed."""
    names = {name, distribution}
    if names & _env_list(ENV_BLOCK):
        return ENV_BLOCK
    if names & _env_list(ENV_ALLOW):
        return None
    if os.environ.get(ENV_ALLOW, "").strip():
        return ENV_ALLOW
    if os.environ.get(ENV_NO_AUTOLOAD, "") not in ("", "0"):
        return ENV_NO_AUTOLOAD
    return None


def _env_list(variable: str) -> set[str]:
    return {name.strip() for name in os.environ.get(variable, "").split(",")} - {""}


def _read_info(candidate: _Candidate, plugin: object) -> PluginInfo:
    from ivy.hookspecs import PARTS, PluginInfo

    get_info = getattr(plugin, "ivy_plugin_info", None)
    if get_info is None:
        raise candidate.fail(
            f"the plugin {candidate.name!r} does not say what it is",
            why="it has no ivy_plugin_info",
            hint="add @ivy.hookimpl def ivy_plugin_info() -> ivy.PluginInfo",
        )
    try:
        info = get_info()
    except Exception as error:
        raise candidate.fail(
            f"the plugin {candidate.name!r} does not say what it is", why=f"ivy_plugin_info: {_describe(error)}"
        ) from error
    if not isinstance(info, PluginInfo):
        why = f"ivy_plugin_info returned {type(info).__name__}, not ivy.PluginInfo"
        raise candidate.fail(f"the plugin {candidate.name!r} does not say what it is", why=why)
    if info.name != candidate.name:
        why = f"the entry point says {candidate.name!r}, PluginInfo.name says {info.name!r}"
        raise candidate.fail(f"the plugin {candidate.name!r} has two names", why=why)
    if unknown := set(info.parts) - set(PARTS):
        why = f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}"
        raise candidate.fail(f"the plugin {candidate.name!r} provides a part that Ivy does not know", why=why)
    return info


def _check_versions(candidate: _Candidate, info: PluginInfo) -> str | None:
    """Check the plugin against Ivy and the framework against the plugin; return the framework's version."""
    from ivy._version import __version__
    from ivy.hookspecs import API_VERSION

    if info.api_version != API_VERSION:
        older = candidate.distribution or candidate.name if info.api_version < API_VERSION else "ivy-core"
        raise candidate.fail(
            f"the plugin {candidate.name!r} was written for another version of Ivy",
            why=f"it follows version {info.api_version} of the plugin API; ivy-core {__version__} has {API_VERSION}",
            hint=f"pip install --upgrade {older}",
            kind=PluginVersionError,
        )
    version = next(filter(None, map(_installed_version, (info.framework, *info.alternatives))), None)
    if version is None or not info.requires:
        return version
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        fits = SpecifierSet(info.requires).contains(version, prereleases=True)
    except InvalidSpecifier as error:
        raise candidate.fail(f"the plugin {candidate.name!r} has a bad version range", why=str(error)) from error
    if not fits:
        raise candidate.fail(
            f"the plugin {candidate.name!r} does not work with {info.framework} {version}",
            why=f"it needs {info.framework}{info.requires}",
            hint=f'pip install "{info.framework}{info.requires}"',
            kind=PluginVersionError,
        )
    return version


def _installed_version(distribution: str | None) -> str | None:
    import importlib.metadata

    if distribution is None:
        return None
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _extras(distribution: str) -> list[str]:
    import importlib.metadata

    try:
        return importlib.metadata.metadata(distribution).get_all("Provides-Extra") or []
    except importlib.metadata.PackageNotFoundError:
        return []


def _check_markers(candidate: _Candidate, plugin: object) -> None:
    """A hook written without its decorator would be ignored in silence."""
    from ivy.hookspecs import PROJECT

    for name, value in getattr(plugin, "__dict__", {}).items():
        is_hook = name.startswith("ivy_") and isinstance(value, FunctionType)
        if is_hook and value.__module__ == getattr(plugin, "__name__", None) and not hasattr(value, f"{PROJECT}_impl"):
            raise candidate.fail(
                f"the plugin {candidate.name!r} has a hook that would never be called",
                why=f"{name} is not decorated",
                hint=f"write @ivy.hookimpl above {name}, or rename it",
            )


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _missing_module_hint(error: BaseException) -> str | None:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"the module {error.name!r} is missing; install the distribution that provides it"
    return None


def _status(candidate: _Candidate) -> PluginStatus:
    common = (candidate.name, candidate.distribution, candidate.version)
    if candidate.loaded is None:
        return PluginStatus(*common, error=candidate.error, blocked=candidate.blocked)
    plugin = candidate.loaded
    facts = plugin.info.framework, plugin.framework_version, plugin.provides()
    return PluginStatus(*common, *facts, missing=plugin.missing())


_registry = _Registry()


def plugins() -> list[PluginStatus]:
    """List the plugins that are installed and what became of them.

    Imports no framework, so it is cheap and works when one is broken.

    Returns:
        One entry for each plugin, by name.

    Example:
        >>> import ivy
        >>> [plugin.name for plugin in ivy.plugins() if plugin.name == "numpy"]
        ['numpy']
    """
    return _registry.status()


def refresh_plugins() -> None:
    """Forget what was found and loaded, and read the environment variables again at the next use.

    For notebooks, after a ``pip install``.  Modules that were imported stay imported.
    """
    importlib.invalidate_caches()
    _registry.refresh()


def get_plugin(name: str) -> LoadedPlugin:
    """Load a plugin by the name of its framework.

    Args:
        name: The framework: ``"torch"``, ``"jax"``, ...

    Returns:
        The loaded plugin; its framework is not imported yet.

    Raises:
        UnknownFrameworkError: No plugin of that name is installed.
        PluginError: It is blocked, or it failed to load; the first failure is kept and raised each time.

    Example:
        >>> get_plugin("numpy").info.framework
        'numpy'
    """
    return _registry.get(name)


def find_converter(name: str) -> tuple[LoadedPlugin, ModuleType]:
    """Find the converter of a module system, whichever plugin has it.

    Args:
        name: The module system: ``"torch"``, ``"flax"``, ``"haiku"``, ...

    Returns:
        The plugin and the converter's module.

    Raises:
        UnknownFrameworkError: No plugin that loads has such a converter.
        PluginError: The converter can't be imported.
    """
    loaded = _registry.load_all()
    for plugin in loaded:
        if name in plugin.info.converters:
            return plugin, plugin.converter(name)
    known = sorted(converter for plugin in loaded for converter in plugin.info.converters)
    raise UnknownFrameworkError(
        name,
        known,
        what=f"no plugin that is installed converts modules of {name!r}",
        why=f"converters: {', '.join(known) or 'none'}",
        hint="ivy.plugins() shows plugins that failed to load",
    )


def array_owner(cls: type) -> str | None:
    """Say which framework the arrays of a class belong to.

    Compares the names of the class and its bases with those that plugins declare, and asks the hook
    `ivy_array_owner` about the rest.  The answer is kept for each class.

    Args:
        cls: The class of a value.

    Returns:
        The framework's name; None if its instances are no arrays of any framework.

    Raises:
        ArgumentError: If it is a kind of array that computes in a way of its own (`PluginInfo.exact_types`).

    Example:
        >>> array_owner(int) is None
        True
    """
    try:
        return _registry.owners[cls]
    except KeyError:
        owner = _registry.owner_of_class(cls)
        _registry.owners[cls] = owner
        return owner


def object_owner(obj: object) -> str | None:
    """Say which framework a function, a class, a module instance or a whole library belongs to.

    First by where the object and its class are defined; then, for functions of the user's and for libraries, by what
    they refer to.  A plain framework beats Ivy, and Ivy beats an auxiliary one such as NumPy, which code of the others
    uses too.

    Args:
        obj: Anything that `ivy.transpile` takes.

    Returns:
        The framework's name, ``"ivy"``, or None when nothing tells or two frameworks have an equal claim.

    Example:
        >>> object_owner(len) is None
        True
    """
    loaded = {plugin.name: plugin for plugin in _registry.load_all()}
    if (owner := _definite_owner(obj)) is not None:
        return owner
    owners = {_definite_owner(value) for value in references(obj)} - {None}
    ranked: dict[int, list[str]] = {}
    for name in owners:
        assert name is not None
        auxiliary = name in loaded and loaded[name].info.auxiliary
        ranked.setdefault(1 if name == "ivy" else 2 if auxiliary else 0, []).append(name)
    if not ranked:
        return None
    best = ranked[min(ranked)]
    return best[0] if len(best) == 1 else None


def plugin_packages() -> frozenset[str]:
    """Return the top-level packages that the plugins which load are made of.

    Example:
        >>> "ivy_numpy" in plugin_packages()
        True
    """
    loaded = _registry.load_all()
    paths = [path for plugin in loaded for path in (*plugin.info.parts.values(), *plugin.info.converters.values())]
    return frozenset(path.partition(".")[0] for path in paths)


def object_owner_by_name(obj: object) -> str | None:
    """Say which framework an object belongs to by its own names alone; None if they don't tell.

    Args:
        obj: As in `object_owner`.

    Example:
        >>> object_owner_by_name(len) is None
        True
    """
    answer: str | None = hook().hook.ivy_object_owner(obj=obj)
    return answer


def _definite_owner(obj: object) -> str | None:
    array = array_owner(type(obj))
    if array is not None:
        return array
    answer: str | None = _registry.manager.hook.ivy_object_owner(obj=obj)
    if answer is None and "ivy" in module_roots(obj):
        return "ivy"
    return answer


def register_plugin(plugin: object, name: str | None = None) -> LoadedPlugin:
    """Register a plugin that no entry point announces.

    For tests, and for a plugin that lives in a notebook.  It survives `refresh_plugins`.

    Args:
        plugin: A module, or any object with hook implementations as attributes.
        name: The plugin's name; read from its `PluginInfo` when left out.

    Returns:
        The loaded plugin.

    Raises:
        PluginError: The plugin is not valid or its name is taken; it is not registered then.
    """
    if name is None:
        unnamed = _Candidate(getattr(plugin, "__name__", type(plugin).__name__), lambda: plugin)
        info = getattr(plugin, "ivy_plugin_info", None)
        name = getattr(info() if callable(info) else None, "name", None) or unnamed.name
    _registry.add(_Candidate(name, lambda: plugin))
    try:
        return _registry.get(name)
    except PluginError:
        unregister_plugin(name)
        raise


def unregister_plugin(name: str) -> None:
    """Take back a `register_plugin`; does nothing for a name that was not registered by hand."""
    _registry.remove(name)


def hook() -> pluggy.PluginManager:
    """The pluggy manager, with every plugin that loads registered, for calling hooks that have no function here."""
    _registry.load_all()
    return _registry.manager


def graph_passes(dialect: str, stage: str) -> list[Callable[[Graph], Graph]]:
    """Collect the passes that plugins add, in the order of the plugins' names.

    Args:
        dialect: Whose functions the graph calls.
        stage: ``"captured"``, ``"ivy"`` or ``"lowered"``.

    Returns:
        Functions from graph to graph.
    """
    # pluggy calls the plugin registered last first, and plugins are registered by name.
    answers = reversed(hook().hook.ivy_graph_passes(dialect=dialect, stage=stage))
    return [one for passes in answers if passes for one in passes]


def third_party_converters(framework: str) -> dict[str, Callable[..., Any]]:
    """Collect the frontend functions that plugins add for third-party libraries' operators.

    Args:
        framework: The source framework.

    Returns:
        Dotted name of the operator to its function.

    Raises:
        PluginError: Two plugins give a function for the same operator.
    """
    known = _registry.functions.get(framework)
    if known is not None:
        return known
    merged: dict[str, Callable[..., Any]] = {}
    for functions in hook().hook.ivy_converters(framework=framework):
        for name, function in (functions or {}).items():
            if merged.setdefault(name, function) is not function:
                raise PluginError(
                    f"two plugins convert {name}",
                    plugin=framework,
                    why=f"{merged[name].__module__} and {function.__module__} both do",
                    hint=f"block one of them with {ENV_BLOCK}",
                )
    _registry.functions[framework] = merged
    return merged
