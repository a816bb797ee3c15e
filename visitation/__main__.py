"""The newcomer's door: `python3 -m visitation [command]` sets up what is missing and hands over to the server."""

import sys

# Plain old syntax in this file: an old Python must be able to read the refusal.
if sys.version_info < (3, 11):
    sys.exit(
        f"visitation needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.\n"
        "Start it with a newer one, for example: python3.11 -m visitation"
    )

if __name__ == "__main__":
    try:
        from visitation._setup.door import main
    except ModuleNotFoundError:  # an installed package has nothing to set up
        import runpy

        runpy.run_module("server.cli", run_name="__main__")
    else:
        main(sys.argv[1:])
