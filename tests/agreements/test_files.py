"""What every file of the house keeps to."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

import pytest

from tests.agreements.tracked import CHECKOUT, ROOMS, name, python_files, texts, tracked

LONGEST = 300
LONGER = {
    # Generated, or lists that do not get clearer in two files.
    "web/client/src/theme/base.css",
    "web/client/src/theme/icons.svg",
}
CODE = {".py", ".ts", ".tsx", ".mjs", ".css", ".html", ".sh"}
PRIVATE_NAMES_OF_LIBRARIES = {"relay/leg.py"}
# Put together here, so that this file does not name them itself.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("npmjs", "com"),
        ("registry", "yarnpkg", "com"), ("deb", "debian", "org"), ("security", "debian", "org"),
    )
]  # fmt: skip
MACHINE_PATHS = re.compile(r"(?<![\w.~:/-])/(?:work|root|Users)/\w|(?<![\w.~:/-])/home/\w+/")
LOCKS = ("requirements.lock", "requirements-test.lock")


def test_no_file_names_a_package_registry():
    assert not [(path, host) for path, text in texts() for host in REGISTRIES if host in text]


def test_no_file_names_a_place_on_somebodys_machine():
    assert not [(path, found[0]) for path, text in texts() if (found := MACHINE_PATHS.search(text))]


def test_no_code_file_is_longer_than_a_reader_can_hold():
    long = {}
    for path, text in texts():
        if path.endswith(tuple(CODE)) and ".gen." not in path and text.count("\n") > LONGEST:
            long[path] = text.count("\n")
    assert set(long) <= LONGER, long


def test_every_module_opens_with_one_sentence_on_its_job():
    speechless = []
    for path in python_files(*ROOMS, "bench", "tests"):
        text = path.read_text()
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            speechless.append(name(path))
    assert not speechless


def test_private_names_are_used_only_where_they_are_made():
    """`x._y` is allowed in the file that defines `_y`; private names of libraries live in one file."""
    trespassers = []
    for path in python_files(*ROOMS):
        if name(path) in PRIVATE_NAMES_OF_LIBRARIES:
            continue
        tree = ast.parse(path.read_text())
        own = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _on_self(node)}
        own |= {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        own |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        trespassers += [
            f"{name(path)}:{node.lineno} {node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and _private(node.attr)
            and not _on_self(node)
            and node.attr not in own
        ]
    assert not trespassers


def _private(attribute: str) -> bool:
    return attribute.startswith("_") and not attribute.startswith("__")


def _on_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def test_no_task_is_started_that_nobody_owns():
    """`create_task` is a TaskGroup's, or an object with `start` and `stop` keeps the one task it lives by."""
    bare = []
    for path in python_files(*ROOMS):
        bare += [
            f"{name(path)}:{number}"
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if re.search(r"\b(asyncio\.create_task|ensure_future|loop\.create_task)\(", line)
            and not re.match(r"\s+self\._\w+ = asyncio\.create_task\(", line)
        ]
    assert not bare


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_every_package_by_hash_and_no_address(lock):
    text = (CHECKOUT / lock).read_text()
    assert "://" not in text
    pins = re.findall(r"^([a-z0-9][^\n]*(?:\n +[^\n]*)*)", text, re.MULTILINE)
    assert len(pins) > 20
    assert not [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin]


def test_what_tests_install_includes_what_running_needs():
    run, test = (
        {line for line in (CHECKOUT / lock).read_text().splitlines() if line[:1].isalnum()} for lock in LOCKS
    )
    assert run <= test, "the door takes the tests' environment for one that can also serve"


@pytest.mark.parametrize("path", [path for path in tracked() if path.name == "package-lock.json"], ids=name)
def test_an_npm_lock_names_every_package_by_hash_and_no_address(path):
    packages = json.loads(path.read_text())["packages"]
    assert len(packages) > 1
    for label, package in packages.items():
        assert "resolved" not in package, label
        assert "integrity" in package or label == "" or package.get("link"), label


def test_the_tests_of_a_room_lie_where_the_room_says():
    misplaced = [
        name(path)
        for path in tracked()
        if path.name.startswith("test_") and not name(path).startswith("tests/")
    ]
    assert not [path for path in misplaced if path.endswith(".py")]


def test_the_door_imports_the_standard_library_only():
    program = "import sys, visitation._setup.door; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); {program}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    tops = {module.split(".")[0] for module in done.stdout.split()}
    assert not tops - set(sys.stdlib_module_names) - {"visitation", "__main__", "_distutils_hack"}
