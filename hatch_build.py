"""Put what the set-up built, the native code and the browser apps, into a wheel that needs neither to be built again."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

APPS = "web/client/dist"
WORDS = "web/client/src/i18n/po/call"  # the server says its refusals in the apps' words
HOW = "Build it with `python3 -m visitation wheel`, which makes what is missing."


class Built(BuildHookInterface[Any]):
    """Adds the files that no version control holds; refuses a wheel without them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root, suffix = Path(self.root), sysconfig.get_config_var("EXT_SUFFIX")
        if version == "editable":
            raise SystemExit("A checkout is run as it lies: python3 -m visitation.")
        rooms = [root / name for name in self.build_config.packages]
        libraries = [path.with_suffix(suffix) for room in rooms for path in room.glob("*.pyx")]
        missing = [path for path in (*libraries, root / APPS / "visitor.html") if not path.exists()]
        if missing or not libraries:
            names = ", ".join(str(path.relative_to(root)) for path in missing)
            raise SystemExit(f"The wheel would lack {names}. {HOW}")
        build_data["force_include"].update({str(path): str(path.relative_to(root)) for path in libraries})
        build_data["force_include"].update({str(root / name): name for name in (APPS, WORDS)})
        build_data["infer_tag"] = True  # this Python, this processor, this C library
        build_data["pure_python"] = False
