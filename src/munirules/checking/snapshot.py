"""What everybody in a process shares, before and after a plugin is imported: importing must change none of it."""

from __future__ import annotations

import builtins
import decimal
import gc
import locale
import logging
import os
import random
import signal
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from munirules.engine.decision import Decision

_LIBRARY = "munirules"
_NOTHING = object()


@attrs.frozen
class Snapshot:
    """The shared state at one moment.

    Attributes:
        settings: name of a setting to its value, in words.
        modules: every imported module by name.
        names: what the names of the library's modules and of the builtins stand for.
        rules: the rules of each decision.
        decisions: what else each decision says (title, authority, subject …).
    """

    settings: Mapping[str, str]
    modules: Mapping[str, object]
    names: Mapping[str, object]
    rules: Mapping[str, tuple[object, ...]]
    decisions: Mapping[str, object]

    @classmethod
    def take(cls, decisions: Collection[Decision[Any, Any]]) -> Snapshot:
        """Look at everything that is shared, the given decisions included."""
        return cls(
            settings=_settings(),
            modules=dict(sys.modules),
            names=_names(),
            rules={decision.name: decision.rules for decision in decisions},
            decisions={
                f"{decision.name}.{name}": value
                for decision in decisions
                for name, value in vars(decision).items()
                if name != "rules"
            },
        )

    def changes(self, later: Snapshot) -> list[str]:
        """What is otherwise later, one a line."""
        found = [
            f"{name}: {self.settings.get(name, 'nothing')} became {later.settings.get(name, 'nothing')}"
            for name in sorted({*self.settings, *later.settings})
            if self.settings.get(name) != later.settings.get(name)
        ]
        for kind, before, after in (("module ", self.modules, later.modules), ("", self.names, later.names)):
            found.extend(
                f"{kind}{name} was {'replaced' if name in after else 'removed'}"
                for name, value in before.items()
                if after.get(name, _NOTHING) is not value
            )
        found.extend(
            f"the shared decision's {name} was changed"
            for name in sorted({*self.decisions, *later.decisions})
            if self.decisions.get(name, _NOTHING) != later.decisions.get(name, _NOTHING)
        )
        found.extend(
            f"the rules of the shared decision {name} were changed; a plugin replaces rules through its enactments"
            for name, rules in self.rules.items()
            if later.rules.get(name) != rules
        )
        return found

    def imported(self, later: Snapshot, package: str) -> list[str]:
        """Top-level packages that were imported meanwhile, beside the plugin's own, the library and Python's."""
        own = {package.partition(".")[0], _LIBRARY}
        fresh = {name.partition(".")[0] for name in later.modules if name not in self.modules}
        return sorted(name for name in fresh if name not in own and name not in sys.stdlib_module_names)


def _settings() -> dict[str, str]:
    """Settings of the process, each in words that differ when it differs."""
    found = {f"os.environ[{name!r}]": value for name, value in os.environ.items()}
    context = decimal.getcontext()
    found["the decimal context"] = f"{context!r}"
    found["the locale"] = locale.setlocale(locale.LC_ALL)
    found["warnings.filters"] = f"{warnings.filters!r}"
    found["sys.path"] = f"{sys.path!r}"
    found["sys.meta_path"] = f"{sys.meta_path!r}"
    found["sys.path_hooks"] = f"{sys.path_hooks!r}"
    found["the recursion limit"] = f"{sys.getrecursionlimit()}"
    found["the limit of digits"] = f"{sys.get_int_max_str_digits()}"
    found["sys.excepthook"] = f"{sys.excepthook!r}"
    found["sys.stdout"] = f"{id(sys.stdout)}"
    found["sys.stderr"] = f"{id(sys.stderr)}"
    found["the working directory"] = os.getcwd()  # noqa: PTH109 — as text, which is compared
    found["the garbage collector"] = f"enabled: {gc.isenabled()}, {gc.get_threshold()}"
    found["the state of random"] = f"{hash(random.getstate())}"
    found["handlers of the root logger"] = f"{logging.root.handlers!r}, level {logging.root.level}"
    found["running threads"] = f"{threading.active_count()}"
    for number in (signal.SIGINT, signal.SIGTERM):
        found[f"the handler of {number.name}"] = f"{signal.getsignal(number)!r}"
    return found


def _names() -> dict[str, object]:
    """What the public names of the library's modules, and the builtins, stand for."""
    found = {f"builtins.{name}": value for name, value in vars(builtins).items() if not name.startswith("_")}
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] != _LIBRARY or module is None:
            continue
        for name, value in vars(module).items():
            if name.startswith("__"):
                continue
            found[f"{module_name}.{name}"] = value
            if isinstance(value, type) and value.__module__ == module_name:
                found.update({f"{module_name}.{name}.{own}": inner for own, inner in _methods(value)})
    return found


def _methods(cls: type) -> list[tuple[str, Any]]:
    """Functions and properties that a class declares."""
    kinds = (property, classmethod, staticmethod)
    return [(name, value) for name, value in vars(cls).items() if callable(value) or isinstance(value, kinds)]
