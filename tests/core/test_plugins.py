"""Discovery, loading and look-up of plugins, with dummy plugins that are broken in every way."""

from __future__ import annotations

import functools
import sys
import tomllib
import types
from pathlib import Path

import pytest

import ivy
from ivy.errors import PluginError, PluginVersionError, UnknownFrameworkError
from ivy.hookspecs import API_VERSION, PluginInfo, hookimpl
from ivy.plugins import (
    PluginStatus,
    array_owner,
    find_converter,
    get_plugin,
    graph_passes,
    hook,
    object_owner,
    register_plugin,
    third_party_converters,
    unregister_plugin,
)

ROOT = Path(__file__).parents[2]
OURS = ["jax", "numpy", "torch"]


def status(name: str) -> PluginStatus:
    return {plugin.name: plugin for plugin in ivy.plugins()}[name]


def installed(*names: str) -> None:
    """Skip where a plugin of ours is not installed: the core's tests also run alone."""
    present = {plugin.name for plugin in ivy.plugins()}
    if missing := set(names) - present:
        pytest.skip(f"not installed: {', '.join(sorted(missing))}")


class TestGood:
    def test_status(self, install):
        install("good", facts="framework='pytest', requires='>=1', parts={'backend': 'ivy_good.backend'}")
        found = status("good")
        assert found.ok
        assert (found.distribution, found.version, found.framework) == ("ivy-good", "1.5", "pytest")
        assert found.framework_version == pytest.__version__
        assert found.provides == ("backend",)

    def test_listing_imports_no_part(self, install):
        install("good", facts="parts={'backend': 'ivy_good.backend'}")
        ivy.plugins()
        assert "ivy_good.plugin" in sys.modules
        assert "ivy_good.backend" not in sys.modules

    def test_part_is_imported_once_and_kept(self, install, tmp_path):
        install("good", facts="parts={'backend': 'ivy_good.backend'}")
        (tmp_path / "ivy_good" / "backend.py").write_text("value = 1\n")
        plugin = get_plugin("good")
        assert plugin.has("backend")
        assert plugin.part("backend").value == 1
        assert plugin.part("backend") is plugin.part("backend")

    def test_plugin_is_loaded_once(self, install):
        install("good")
        assert get_plugin("good") is get_plugin("good")

    def test_converter(self, install, tmp_path):
        install("good", facts="converters={'mymodules': 'ivy_good.convert'}")
        (tmp_path / "ivy_good" / "convert.py").touch()
        plugin, module = find_converter("mymodules")
        assert plugin is get_plugin("good")
        assert module.__name__ == "ivy_good.convert"

    def test_refresh_finds_a_new_plugin(self, install):
        with pytest.raises(UnknownFrameworkError):
            get_plugin("late")
        install("late")
        assert get_plugin("late").name == "late"


class TestAsked:
    def test_unknown_framework_lists_the_installed_ones(self, install):
        install("good")
        with pytest.raises(UnknownFrameworkError, match=r"(?s)nosuch.*good.*ivy plugins"):
            get_plugin("nosuch")

    def test_unknown_converter_lists_the_known_ones(self, install):
        install("good", facts="converters={'mymodules': 'ivy_good.convert'}")
        with pytest.raises(UnknownFrameworkError, match="mymodules"):
            find_converter("nosuch")

    def test_part_that_is_not_provided(self, install):
        install("good", facts="parts={'frontend': 'ivy_good.frontend'}")
        with pytest.raises(PluginError, match=r"(?s)does not provide the part 'backend'.*provides frontend"):
            get_plugin("good").part("backend")

    def test_part_that_fails_to_import(self, install, tmp_path):
        install("good", facts="parts={'backend': 'ivy_good.backend'}")
        (tmp_path / "ivy_good" / "backend.py").write_text("import nosuchmodule\n")
        with pytest.raises(PluginError, match=r"(?s)ivy-good.*nosuchmodule") as caught:
            get_plugin("good").part("backend")
        assert isinstance(caught.value.__cause__, ModuleNotFoundError)

    def test_missing_framework_leaves_the_frontend(self, install, tmp_path):
        parts = "{'frontend': 'ivy_absent.frontend', 'backend': 'ivy_absent.backend'}"
        install("absent", facts=f"framework='nosuch-framework', parts={parts}")
        (tmp_path / "ivy_absent" / "frontend.py").touch()
        assert status("absent").ok
        assert status("absent").framework_version is None
        assert status("absent").provides == ("frontend",)
        assert get_plugin("absent").part("frontend")
        with pytest.raises(PluginError, match=r"(?s)not installed.*pip install nosuch-framework"):
            get_plugin("absent").part("backend")


BROKEN = {
    "import error": (dict(body="import nosuchmodule"), PluginError, "nosuchmodule"),
    "raises anything": (dict(body="raise KeyError('boom')"), PluginError, "KeyError: 'boom'"),
    "no info": (dict(body=""), PluginError, "no ivy_plugin_info"),
    "info raises": (
        dict(body="import ivy\n@ivy.hookimpl\ndef ivy_plugin_info(): return 1 / 0"),
        PluginError,
        "ZeroDivisionError",
    ),
    "info of another type": (
        dict(body="import ivy\n@ivy.hookimpl\ndef ivy_plugin_info(): return {}"),
        PluginError,
        "returned dict",
    ),
    "another name": (
        dict(body="import ivy\n@ivy.hookimpl\ndef ivy_plugin_info(): return ivy.PluginInfo('x', 1)"),
        PluginError,
        "PluginInfo.name says 'x'",
    ),
    "old api": (
        dict(body="import ivy\n@ivy.hookimpl\ndef ivy_plugin_info(): return ivy.PluginInfo('bad', 0)"),
        PluginVersionError,
        "pip install --upgrade ivy-bad",
    ),
    "new api": (
        dict(body=f"import ivy\n@ivy.hookimpl\ndef ivy_plugin_info(): return ivy.PluginInfo('bad', {API_VERSION + 1})"),
        PluginVersionError,
        "pip install --upgrade ivy-core",
    ),
    "framework too old": (
        dict(facts="framework='pytest', requires='>=1000'"),
        PluginVersionError,
        "needs pytest>=1000",
    ),
    "bad specifier": (dict(facts="framework='pytest', requires='about 2'"), PluginError, "about 2"),
    "unknown part": (dict(facts="parts={'bakend': 'x'}"), PluginError, "bakend"),
    "misspelt hook": (dict(extra="@hookimpl\ndef ivy_array_ownr(cls): return None"), PluginError, "ivy_array_ownr"),
    "misspelt argument": (dict(extra="@hookimpl\ndef ivy_array_owner(klass): return None"), PluginError, "klass"),
    "undecorated hook": (dict(extra="def ivy_array_owner(cls): return None"), PluginError, "not decorated"),
}


class TestBroken:
    @pytest.fixture(params=BROKEN, ids=lambda key: key.replace(" ", "-"))
    def broken(self, request, install):
        arguments, kind, message = BROKEN[request.param]
        install("bad", **arguments)
        install("good")
        return kind, message

    def test_error_is_raised_when_asked_for(self, broken):
        kind, message = broken
        with pytest.raises(kind) as caught:
            get_plugin("bad")
        assert message in str(caught.value)
        assert "distribution ivy-bad" in str(caught.value)

    def test_same_error_again(self, broken):
        errors = []
        for _ in range(2):
            with pytest.raises(PluginError) as caught:
                get_plugin("bad")
            errors.append(caught.value)
        assert errors[0] is errors[1]

    def test_listed_with_its_error(self, broken):
        assert isinstance(status("bad").error, PluginError)
        assert not status("bad").ok
        assert status("bad").provides == ()

    def test_others_are_untouched(self, broken):
        with pytest.raises(PluginError):
            get_plugin("bad")
        assert get_plugin("good").name == "good"
        assert array_owner(int) is None

    def test_unregistered(self, broken):
        ivy.plugins()
        manager = hook()
        assert manager.get_plugin("bad") is None
        assert manager.get_plugin("good") is not None


class TestDuplicates:
    def test_error_names_both(self, install):
        install("twice", dist="ivy-twice")
        install("twice", dist="other-twice")
        with pytest.raises(PluginError, match="several plugins") as caught:
            get_plugin("twice")
        assert "ivy-twice" in str(caught.value)
        assert "other-twice" in str(caught.value)

    def test_blocking_one_distribution_settles_it(self, install, monkeypatch):
        install("twice", dist="ivy-twice")
        install("twice", dist="other-twice")
        monkeypatch.setenv("IVY_BLOCK_PLUGINS", "other-twice")
        ivy.refresh_plugins()
        assert get_plugin("twice").distribution == "ivy-twice"

    def test_array_type_of_another_plugin(self, install):
        install("first", facts="array_types=('lib.Array',)")
        install("second", facts="array_types=('lib.Array',)")
        assert status("first").ok
        with pytest.raises(PluginError, match=r"lib\.Array belongs to 'first'"):
            get_plugin("second")


class TestBlocked:
    def test_block(self, install, monkeypatch):
        install("good", body="raise RuntimeError('was loaded')")
        monkeypatch.setenv("IVY_BLOCK_PLUGINS", "good, other")
        ivy.refresh_plugins()
        assert status("good").blocked == "IVY_BLOCK_PLUGINS"
        assert status("good").error is None
        with pytest.raises(PluginError, match=r"(?s)blocked.*IVY_BLOCK_PLUGINS"):
            get_plugin("good")

    def test_allow_list(self, install, monkeypatch):
        install("good")
        install("other")
        monkeypatch.setenv("IVY_PLUGINS", "good")
        ivy.refresh_plugins()
        assert status("good").ok
        assert status("other").blocked == "IVY_PLUGINS"

    def test_no_autoload(self, install, monkeypatch):
        install("good")
        monkeypatch.setenv("IVY_DISABLE_PLUGIN_AUTOLOAD", "1")
        ivy.refresh_plugins()
        assert {plugin.blocked for plugin in ivy.plugins()} == {"IVY_DISABLE_PLUGIN_AUTOLOAD"}

    def test_no_autoload_with_allow_list(self, install, monkeypatch):
        install("good")
        monkeypatch.setenv("IVY_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.setenv("IVY_PLUGINS", "ivy-good")
        ivy.refresh_plugins()
        assert status("good").ok

    def test_block_beats_allow(self, install, monkeypatch):
        install("good")
        monkeypatch.setenv("IVY_PLUGINS", "good")
        monkeypatch.setenv("IVY_BLOCK_PLUGINS", "good")
        ivy.refresh_plugins()
        assert status("good").blocked == "IVY_BLOCK_PLUGINS"


class Array:
    pass


class Sub(Array):
    pass


def hand_made(**facts):
    plugin = types.ModuleType("hand_made")
    info = ivy.PluginInfo(name="handmade", api_version=API_VERSION, **facts)
    plugin.ivy_plugin_info = ivy.hookimpl(lambda: info)
    return plugin


@pytest.fixture
def register(clean_environment):
    yield register_plugin
    unregister_plugin("handmade")


class TestRegisterByHand:
    def test_found_by_name_and_survives_refresh(self, register):
        register(hand_made())
        ivy.refresh_plugins()
        assert get_plugin("handmade").distribution is None

    def test_name_taken(self, register):
        register(hand_made())
        with pytest.raises(PluginError, match="exists already"):
            register(hand_made())

    def test_invalid_is_not_kept(self, register):
        plugin = hand_made()
        plugin.ivy_nosuch = ivy.hookimpl(lambda: None)
        with pytest.raises(PluginError, match="ivy_nosuch"):
            register(plugin)
        with pytest.raises(UnknownFrameworkError):
            get_plugin("handmade")


class TestArrayOwner:
    def test_by_name_and_subclass(self, register):
        assert array_owner(Array) is None
        register(hand_made(array_types=(f"{__name__}.Array",)))
        assert array_owner(Array) == "handmade"
        assert array_owner(Sub) == "handmade"

    def test_by_hook_once_per_class(self, register):
        asked = []
        plugin = hand_made()

        @ivy.hookimpl
        def ivy_array_owner(cls):
            asked.append(cls)
            return "handmade" if cls is Array else None

        plugin.ivy_array_owner = ivy_array_owner
        register(plugin)
        assert [array_owner(Array), array_owner(Array), array_owner(int)] == ["handmade", "handmade", None]
        assert asked == [Array, int]

    def test_ours(self, clean_environment):
        installed("numpy")
        np = pytest.importorskip("numpy")
        assert array_owner(np.ndarray) == "numpy"
        assert array_owner(np.float32) == "numpy"
        assert array_owner(list) is None


class TestObjectOwner:
    """On stand-ins for frameworks: modules named like them, so that nothing is imported."""

    @pytest.fixture
    def fake(self, clean_environment):
        installed(*OURS)

        def make(name):
            module = types.ModuleType(name)
            exec("def sum(x): return x\nclass Module: pass", module.__dict__)
            return module

        return make

    def test_by_definition(self, fake):
        torch = fake("torch")
        assert object_owner(torch) == "torch"
        assert object_owner(torch.sum) == "torch"
        assert object_owner(torch.Module()) == "torch"
        assert object_owner(type("Net", (torch.Module,), {})) == "torch"
        assert object_owner(functools.partial(torch.sum, 1)) == "torch"

    def test_by_what_a_function_mentions(self, fake):
        torch = fake("torch")
        scope = {"__name__": "user", "torch": torch}
        exec("def f(x): return torch.sum(x)\ndef g(x): return f(x)\nh = lambda x: [torch.sum(y) for y in x]", scope)
        assert object_owner(scope["f"]) == "torch"
        assert object_owner(scope["g"]) == "torch"
        assert object_owner(scope["h"]) == "torch"
        assert object_owner(lambda x: torch.sum(x)) == "torch"

    def test_numpy_yields_to_the_others(self, fake):
        torch, np = fake("torch"), fake("numpy")
        assert object_owner(lambda x: torch.sum(np.sum(x))) == "torch"
        assert object_owner(lambda x: np.sum(x)) == "numpy"

    def test_ivy_beats_numpy(self, fake):
        np = fake("numpy")
        assert object_owner(lambda x: ivy.mean(np.sum(x))) == "ivy"

    def test_two_equal_claims(self, fake):
        torch, jax = fake("torch"), fake("jax")
        assert object_owner(lambda x: torch.sum(jax.sum(x))) is None

    def test_library(self, fake):
        library = types.ModuleType("somelib")
        library.torch = fake("torch")
        assert object_owner(library) == "torch"

    def test_nothing_tells(self, fake):
        assert object_owner(lambda x: x + 1) is None

    def test_reads_no_attribute_of_the_user(self, fake):
        class Loud:
            def __getattr__(self, name):
                raise RuntimeError(name)

        assert object_owner(Loud()) is None


class TestOtherHooks:
    def test_graph_passes_in_order_of_names(self, install):
        for name in ("bbb", "aaa"):
            extra = f"@hookimpl\ndef ivy_graph_passes(dialect, stage): return [lambda graph: graph + [{name!r}, stage]]"
            install(name, extra=extra)
        graph: list[str] = []
        for one in graph_passes("ivy", "captured"):
            graph = one(graph)
        assert graph == ["aaa", "captured", "bbb", "captured"]

    def test_none_means_no_passes(self, install):
        install("aaa", extra="@hookimpl\ndef ivy_graph_passes(dialect, stage): return None")
        assert graph_passes("ivy", "captured") == []

    def test_third_party_converters_merge(self, install):
        install("aaa", extra="@hookimpl\ndef ivy_converters(framework): return {'lib.a': len}")
        install("bbb", extra="@hookimpl\ndef ivy_converters(framework): return None")
        assert third_party_converters("torch") == {"lib.a": len}

    def test_third_party_converters_of_a_plugin_registered_later(self, install):
        install("aaa", extra="@hookimpl\ndef ivy_converters(framework): return {'lib.a': len}")
        assert third_party_converters("torch") == {"lib.a": len}
        late = types.ModuleType("late")
        late.ivy_plugin_info = hookimpl(lambda: PluginInfo(name="late", api_version=API_VERSION))
        late.ivy_converters = hookimpl(lambda framework: {"lib.b": max})
        register_plugin(late)
        assert third_party_converters("torch") == {"lib.a": len, "lib.b": max}
        unregister_plugin("late")
        assert third_party_converters("torch") == {"lib.a": len}

    def test_third_party_converters_clash(self, install):
        install("aaa", extra="@hookimpl\ndef ivy_converters(framework): return {'lib.a': len}")
        install("bbb", extra="@hookimpl\ndef ivy_converters(framework): return {'lib.a': max}")
        with pytest.raises(PluginError, match=r"lib\.a"):
            third_party_converters("torch")


class TestOurPlugins:
    @pytest.mark.parametrize("name", OURS)
    def test_facts_agree_with_the_distribution(self, name, clean_environment):
        installed(name)
        project = tomllib.loads((ROOT / f"plugins/ivy-{name}/pyproject.toml").read_text())["project"]
        info = get_plugin(name).info
        assert f"{info.framework}{info.requires}" in project["dependencies"]
        assert project["entry-points"]["ivy.plugins"] == {name: f"ivy_{name}.plugin"}
        assert info.parts == {part: f"ivy_{name}.{part}" for part in ("backend", "frontend", "capture")}

    @pytest.mark.parametrize("name", OURS)
    def test_loads(self, name, clean_environment):
        installed(name)
        assert status(name).error is None

    def test_no_pins(self):
        for file in [*ROOT.glob("plugins/*/pyproject.toml"), ROOT / "ivy_core/pyproject.toml"]:
            project = tomllib.loads(file.read_text())["project"]
            extras = [name for names in project.get("optional-dependencies", {}).values() for name in names]
            for requirement in [*project["dependencies"], *extras]:
                assert "==" not in requirement
                assert "<" not in requirement
