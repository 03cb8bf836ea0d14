"""The texts: `python -m console.web.catalogues extract | compile | check`.

extract   collects msgids from code and templates into the three .po files, keeping translations
compile   makes the .mo files that the daemon reads (done by `make`)
check     fails when a text is not translated, stands in another language's letters, or is not fresh
"""

from __future__ import annotations

import ast
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from console.web.i18n import DOMAIN, LANGUAGES, LOCALES

ROOT = LOCALES.parent.parent
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "refused": (2,), "msgid": None}
# Classes whose message argument (by position) is a msgid
_REFUSALS = {"Refused", "InvalidInput", "NotAllowed", "NotFound", "Conflict", "PbxUnavailable"}


def collect() -> Catalog:
    """Every msgid in the tree."""
    catalog = Catalog(domain=DOMAIN, project="pbxd", charset="utf-8", fuzzy=False)
    for folder in ("console", "pbxd"):
        # in pbxd/store text() is SQL; in the console it is a person's language
        keywords = KEYWORDS | ({"text": None} if folder == "console" else {})
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS, keywords, comment_tags=("NOTE:",))
        for file, line, message, comments, context in sorted(found, key=lambda one: one[:2]):
            catalog.add(
                message, None, [(f"{folder}/{file}", line)], auto_comments=comments, context=context
            )
        for path in sorted((ROOT / folder).rglob("*.py")):
            for line, message in _refusals(path):
                catalog.add(message, None, [(path.relative_to(ROOT).as_posix(), line)])
    return catalog


def _refusals(path: Path) -> list[tuple[int, str]]:
    """Messages of refusals, of link reasons and of tables of (id, message) pairs."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and len(node.args) >= 2:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            position = 2 if name in ("CommandResult", "MenuEntry") else 1
            if name in (*_REFUSALS, "__init__", "MenuEntry") or (
                name == "CommandResult" and len(node.args) > 2
            ):
                found += _literal(node.args[position])
        elif isinstance(node, ast.ClassDef) and node.name == "Reason":
            for statement in node.body:
                if isinstance(statement, ast.Assign):
                    found += _literal(statement.value)
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and path.parent.name == "desk":
            id, message = node.elts
            if (
                _literal(id)
                and "-" in _literal(id)[0][1]
                and " " in "".join(text for _, text in _literal(message))
            ):
                found += _literal(message)
    return found


def _literal(node: ast.expr) -> list[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        return [(node.lineno, node.value)]
    return []


def _file(code: str) -> Path:
    return LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def _merged(code: str, template: Catalog) -> Catalog:
    file = _file(code)
    if file.exists():
        with file.open("rb") as source:
            catalog = read_po(source, locale=code, domain=DOMAIN)
    else:
        catalog = Catalog(locale=code, domain=DOMAIN, project="pbxd", fuzzy=False)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def _written(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=100, sort_output=True, no_location=True, omit_header=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return head.encode() + out.getvalue().lstrip()


def extract() -> None:
    """Bring the .po files up to date."""
    template = collect()
    for code in LANGUAGES:
        file = _file(code)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_written(_merged(code, template)))


def compile_all() -> None:
    """Make the .mo files."""
    for code in LANGUAGES:
        with _file(code).open("rb") as source:
            catalog = read_po(source, locale=code, domain=DOMAIN)
        with _file(code).with_suffix(".mo").open("wb") as target:
            write_mo(target, catalog)


def check() -> list[str]:
    """What is wrong: texts missing in a catalogue, or without a translation."""
    wrong: list[str] = []
    template = collect()
    for code in LANGUAGES:
        with _file(code).open("rb") as source:
            catalog = read_po(source, locale=code, domain=DOMAIN)
        for message in template:
            if not message.id:
                continue
            known = catalog.get(message.id)
            if known is None:
                wrong.append(f"{code}: not extracted: {message.id!r}")
            elif code != "en" and not all(_strings(known.string)):
                wrong.append(f"{code}: not translated: {message.id!r}")
            elif code != "ko" and _korean(known.string) and not _korean(message.id):
                wrong.append(f"{code}: in Korean: {message.id!r}")
    return wrong


def _korean(value: object) -> bool:
    return any("가" <= letter <= "힣" for text in _strings(value) for letter in text)


def _strings(value: object) -> list[str]:
    if isinstance(value, tuple | list):
        return [str(one) for one in value] or [""]
    return [str(value or "")]


def main() -> None:
    """Do what the argument says."""
    match sys.argv[1:]:
        case ["extract"]:
            extract()
        case ["compile"]:
            compile_all()
        case ["check"]:
            wrong = check()
            print("\n".join(wrong[:40]))
            sys.exit(bool(wrong))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
