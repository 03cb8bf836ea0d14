"""What a browser calls itself, for people."""

from __future__ import annotations

# Order matters: Edge also says Chrome, Chrome also says Safari
_BROWSERS = (("Edg/", "Edge"), ("Whale/", "Whale"), ("SamsungBrowser/", "Samsung Internet"),
             ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
             ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def browser_name(agent: str) -> str:
    """`Mozilla/5.0 (X11; Linux …) Chrome/…` → `Chrome · Linux`; else its first word."""
    names = [name for sign, name in _BROWSERS if sign in agent][:1]
    names += [name for sign, name in _SYSTEMS if sign in agent][:1]
    return " · ".join(names) or agent[:40].split(" ", maxsplit=1)[0]
