"""The commands of `visitation`: serve, dev, test, check, bench, migrate, seed, recording, audit, policies,
doctor, wheel, version."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from server.settings import Settings

MOVED = "A library has another version than this server was made for ({reason}). Install the locked ones."
CHECKOUT = Path(__file__).resolve().parent.parent

# Typer's own tracebacks may show variables, and so names and secrets.
app = typer.Typer(
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The video visitation server.",
)
recording = typer.Typer(no_args_is_help=True, help="Check what was recorded.")
app.add_typer(recording, name="recording")
audit = typer.Typer(no_args_is_help=True, help="Check what was written down.")
app.add_typer(audit, name="audit")
policies = typer.Typer(no_args_is_help=True, help="What each country’s law makes of a visit.")
app.add_typer(policies, name="policies")

DataOption = Annotated[Path | None, typer.Option(help="Folder for database, vault and keys.")]


@app.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Without a command: the demo on localhost."""
    if context.invoked_subcommand is None:
        serve(demo=True)


def _settings(**given: Any) -> Settings:
    """The environment's settings, overridden by what the command line gives."""
    with _libraries():
        from server.settings import SettingsRefused, read_settings

    try:
        return read_settings(**{name: value for name, value in given.items() if value is not None})
    except SettingsRefused as refused:
        typer.echo(refused, err=True)
        raise typer.Exit(2) from refused


@contextlib.contextmanager
def _libraries() -> Iterator[None]:
    """Around the first import of what leans on libraries' private names: one that moved is said, not thrown."""
    try:
        yield
    except (ImportError, AttributeError) as moved:
        typer.echo(MOVED.format(reason=moved), err=True)
        raise typer.Exit(2) from moved


def _run(main: Callable[[], Coroutine[Any, Any, int]]) -> None:
    """Runs one coroutine on uvloop, where there is one, and exits with its code."""
    import asyncio
    import os

    os.umask(0o077)  # database and keys are the server's alone, whoever made the folder
    try:
        import uvloop

        factory: Callable[[], asyncio.AbstractEventLoop] | None = uvloop.new_event_loop
    except ImportError:
        factory = None
    with asyncio.Runner(loop_factory=factory) as runner:
        raise typer.Exit(runner.run(main()))


@app.command()
def serve(
    *,
    demo: Annotated[
        bool | None, typer.Option("--demo/--no-demo", help="Fictional prison, one-click sign-ins.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to serve on.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port of pages and sockets; 0 = any.")] = None,
    media_port: Annotated[int | None, typer.Option(help="UDP port of media; 0 = any.")] = None,
    media_address: Annotated[
        list[str] | None, typer.Option(help="Address offered for media: ip or ip:port.")
    ] = None,
    tls: Annotated[
        bool | None, typer.Option("--tls/--no-tls", help="Serve HTTPS with an own certificate.")
    ] = None,
    data: DataOption = None,
    reset: Annotated[bool, typer.Option("--reset", help="Empty the demo first.")] = False,
    json_addresses: Annotated[
        bool, typer.Option("--json-addresses", help="Print the addresses as one JSON line.")
    ] = False,
) -> None:
    """Serve the visits of one prison or of many."""
    settings = _settings(
        demo=demo,
        host=host,
        port=port,
        media_port=media_port,
        media_addresses=tuple(media_address) if media_address else None,
        tls=tls,
        data=data,
    )
    with _libraries():
        from server.serving import serve_until_stopped

    _run(lambda: serve_until_stopped(settings, reset=reset, as_json=json_addresses))


@app.command()
def dev(data: DataOption = None) -> None:
    """Serve the demo with Vite beside it, for work on the browser apps."""
    from server.development import serve_with_vite

    settings = _settings(demo=True, data=data)
    _run(lambda: serve_with_vite(settings))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run every test; --fast for the quick ones, --long for stress; the rest goes to pytest."""
    _module("tests", context.args)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def check(context: typer.Context) -> None:
    """Run the linters and type checkers only."""
    _module("tests", ["--check", *context.args])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Measure: `bench relay` prints what a call costs."""
    _module("bench", context.args)


def _module(name: str, arguments: list[str], *, own: bool = True) -> None:
    """Runs a module of the checkout (or, if not `own`, a tool on it) that no operator's package carries."""
    import subprocess

    if not (CHECKOUT / (f"{name}/__main__.py" if own else "pyproject.toml")).exists():
        typer.echo(f"`{name}` needs a checkout of the source; this is an installed package.", err=True)
        raise typer.Exit(2)
    done = subprocess.run([sys.executable, "-m", name, *arguments], cwd=CHECKOUT, check=False)
    raise typer.Exit(done.returncode)


@app.command()
def wheel(
    to: Annotated[Path, typer.Option(help="Folder to put it into.")] = Path("dist"),
) -> None:
    """Build the package that operators install: one wheel with the native code and the browser apps inside."""
    _module("hatchling", ["build", "--target", "wheel", "--directory", str(to.resolve())], own=False)


@app.command()
def migrate(data: DataOption = None) -> None:
    """Bring the database to this version's shape."""
    from server.maintenance import migrate_database

    settings = _settings(data=data)
    _run(lambda: migrate_database(settings))


@app.command()
def seed(data: DataOption = None) -> None:
    """Put the fictional prison into the database."""
    from server.maintenance import seed_database

    settings = _settings(data=data, demo=True)
    _run(lambda: seed_database(settings))


@app.command()
def version() -> None:
    """Say the version and what the packet path runs on, and why."""
    from server.version import say_version

    settings = _settings()
    _run(lambda: say_version(settings))


@app.command()
def doctor(
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of lines.")] = False,
    root: Annotated[Path, typer.Option(help="Where proc and sys lie, to look at another system's.")] = Path(
        "/"
    ),
) -> None:
    """Look at this machine and these settings: 0 nothing to change, 1 something to, 2 no call can be held."""
    from server.doctor import consult

    settings = _settings(data=data)
    _run(lambda: consult(settings, root=root, as_json=as_json))


@recording.command("verify")
def recording_verify(
    name: Annotated[str, typer.Argument(help="The recording's id, or the path of its folder.")],
    data: DataOption = None,
) -> None:
    """Check one recording's seals, chain and signatures, and name what is wrong."""
    from server.maintenance import verify_recording

    raise typer.Exit(verify_recording(_settings(data=data), name))


@audit.command("verify")
def audit_verify(
    data: DataOption = None,
    anchor: Annotated[
        str | None,
        typer.Option(help="A head copied elsewhere earlier (number:hash): also finds a new chain."),
    ] = None,
) -> None:
    """Check the audit log's chain, and name the first line that cannot be trusted."""
    from server.maintenance import verify_audit

    settings = _settings(data=data)
    _run(lambda: verify_audit(settings, anchor))


@policies.command("list")
def policies_list() -> None:
    """Name the policy packs of this version."""
    from server.policies import list_packs

    raise typer.Exit(list_packs())


@policies.command("check")
def policies_check(file: Annotated[Path, typer.Argument(help="A policy pack: a JSON file.")]) -> None:
    """Say what a pack would do to each kind of visit, or everything that is wrong with it."""
    from server.policies import check_pack

    raise typer.Exit(check_pack(file))


def main() -> None:
    """Entry point of the `visitation` command."""
    app(prog_name="visitation")


if __name__ == "__main__":
    main()
