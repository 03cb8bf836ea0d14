"""Writes the references that come from the code: `python -m pbxd.reference DIRECTORY`.

`docs/settings.md` from `config.py` and `docs/events.md` from `events.py`; a test fails when they
are not fresh.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from pathlib import Path

from pydantic import BaseModel

from pbxd import config, events


def settings() -> str:
    """Every setting: key, default, meaning."""
    lines = [
        "# Settings",
        "",
        "`pbxd.toml` (made by `pbxd init`), or the environment: `PBXD_PBX__PORT=5039` is `port` in",
        "`[pbx]` and wins over the file. A wrong value stops the start, naming file, key, reason.",
    ]
    for name, section in config.Settings.model_fields.items():
        model = section.annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        lines += ["", f"## [{name}]", "", _paragraph(model), "", "| key | default | meaning |"]
        lines += ["|---|---|---|"]
        for key, field in model.model_fields.items():
            default = _shown(field.get_default(call_default_factory=True, validated_data={}))
            lines.append(f"| `{key}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def catalogue() -> str:
    """Every domain event: fields, when, what surely follows."""
    lines = ["# Events", "", _paragraph(events), ""]
    for name, kind in vars(events).items():
        if not (inspect.isclass(kind) and issubclass(kind, events.Event)):
            continue
        fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(kind))
        lines += [f"## {name}", "", _paragraph(kind), "", f"Fields: {fields}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _paragraph(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split())


def _shown(default: object) -> str:
    text = "" if default is None else str(default)
    return f"`{text}`" if text not in ("", "()", "{}", "**********") else ""


def main() -> None:
    """Write the references into the given directory."""
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    (directory / "settings.md").write_text(settings(), "utf-8")
    (directory / "events.md").write_text(catalogue(), "utf-8")


if __name__ == "__main__":
    main()
