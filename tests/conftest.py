"""What every test gets: no leftovers of the caller's environment, and tools that are there or named.

`@pytest.mark.needs("chromium")` skips a test with the reason when the tool is missing. Under `.ci/run`, which installs
every tool, the same is a failure: a skip there would be a test that nobody runs.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("WATCHWORD_CI") == "1" or os.environ.get("CI", "").lower() in {"1", "true"}
EMULATE = os.environ.get("WATCHWORD_TEST_EMULATE", "")
os.environ["PATH"] += os.pathsep + os.pathsep.join(["/usr/sbin", "/sbin"])  # where Debian has dovecot and nginx
OURS = ("WATCHWORD_CI", "WATCHWORD_TEST_EMULATE")

_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
settings.register_profile("dev", _PATIENT, max_examples=60)
settings.register_profile("ci", _PATIENT, max_examples=120, derandomize=True)
settings.load_profile("ci" if IN_CI else "dev")


def _playwright() -> str:
    """Its Node needs a library that a bare Debian lacks."""
    try:
        from playwright._impl._driver import compute_driver_executable
    except ImportError:
        return "playwright is no Python module here"
    node = compute_driver_executable()[0]
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return f"Playwright's Node does not run: {done.stderr.strip()}" if done.returncode else ""


def _emulate() -> str:
    there = EMULATE and Path(EMULATE).is_file()
    return "" if there else "WATCHWORD_TEST_EMULATE does not name the Slack emulator (`.ci/run` installs it)"


_CHECKS: dict[str, Callable[[], str]] = {"emulate": _emulate, "playwright": _playwright}


@cache
def missing(tool: str) -> str:
    """Why `tool` cannot be used, empty when it can: a program on PATH, a Python module, or one of `_CHECKS`."""
    if tool in _CHECKS:
        return _CHECKS[tool]()
    if shutil.which(tool) or importlib.util.find_spec(tool):
        return ""
    return f"{tool} is neither a program on PATH nor a Python module here"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Some tests send the log elsewhere; what the next one captures must not depend on that."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _umask_as_it_was() -> Iterator[None]:
    """`run` closes new files to others for the whole process; servers that later tests start must read their own."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for tool in mark.args:
            reason = missing(tool)
            if reason and IN_CI:
                pytest.fail(f"needs {tool}: {reason}", pytrace=False)
            elif reason:
                pytest.skip(f"needs {tool}: {reason}")


@pytest.fixture(autouse=True)
def _own_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test works in its own folder, with none of the caller's settings: the checkout's data/ is out of reach."""
    for name in os.environ:
        if name.startswith("WATCHWORD_") and name not in OURS:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def root() -> Path:
    """The checkout."""
    return ROOT
