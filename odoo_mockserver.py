"""The entry points of the distribution odoo-mockserver, below a name that no other distribution has.

The distribution mockserver-client, the client of the Java MockServer, installs a package named `mockserver` too, and a
pytest plugin of that name.  What is installed last replaces files of the other, so this is looked at from outside the
package: here, before anything of it is imported.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

DISTRIBUTION = "odoo-mockserver"
# every version of mockserver-client has this module, and we have none of this name
FOREIGN_MODULE = "websocket_client.py"
REMEDY = (
    "Keep them in two virtual environments, or remove one: pip uninstall mockserver-client, "
    "then pip install --force-reinstall --no-deps odoo-mockserver."
)


def replaced() -> str | None:
    """Return why `import mockserver` does not give our package, in a sentence and the remedy; None if it does."""
    try:
        package = importlib.import_module("mockserver")
    except ImportError as error:  # another package, whose dependencies are not installed
        return f"import mockserver fails ({error}); is it the package of mockserver-client?  {REMEDY}"
    if getattr(package, "DISTRIBUTION", None) == DISTRIBUTION:
        return None
    place = getattr(package, "__file__", None) or ", ".join(package.__path__)
    return (
        f"the package mockserver at {place} is not that of odoo-mockserver.  mockserver-client, the client of the "
        f"Java MockServer, installs one of the same name over it, and its removal takes files away.  {REMEDY}"
    )


def mixed(folder: Path) -> str | None:
    """Return what else is installed in the folder of our package, in a sentence and the remedy; None if nothing is."""
    if not (folder / FOREIGN_MODULE).exists():
        return None
    return (
        f"mockserver-client, the client of the Java MockServer, is installed in the same folder as odoo-mockserver, "
        f"{folder}: both have a package named mockserver, and only odoo-mockserver works.  {REMEDY}"
    )


def main() -> None:
    """Run the command `mockserver`."""
    problem = replaced()
    if problem:
        raise SystemExit(f"mockserver: error: {problem}")
    from mockserver.cli import main as command

    command()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register our plugin; end the run when another package has replaced ours."""
    problem = replaced()
    if problem:
        import pytest

        raise pytest.UsageError(f"mockserver: {problem}")
    plugin = importlib.import_module("mockserver.pytest_plugin")
    if not pluginmanager.is_registered(plugin):  # the entry point of mockserver-client may have done so
        pluginmanager.register(plugin, "mockserver")


def pytest_configure(config: pytest.Config) -> None:
    """Warn when another distribution is installed into our package, although ours works."""
    package = importlib.import_module("mockserver")
    problem = mixed(Path(str(package.__file__)).parent)
    if problem:
        import pytest

        config.issue_config_time_warning(pytest.PytestConfigWarning(problem), stacklevel=2)
