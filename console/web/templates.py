"""Jinja2: one environment a language, templates in each capability's own folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

from console.web.i18n import Language, Languages, seconds_text

if TYPE_CHECKING:
    from console.capability import MenuEntry
    from console.web.context import Context

CONSOLE = Path(__file__).parent.parent


class Counted(int):
    """A count that reads as people write it: 12,000."""

    text = ""

    @classmethod
    def of(cls, count: int, language: Language) -> Counted:
        """In that language."""
        made = cls(count)
        made.text = language.number(count)
        return made

    def __str__(self) -> str:
        return self.text


class Templates:
    """Renders pages and fragments; everything is escaped."""

    def __init__(
        self,
        languages: Languages,
        entries: tuple[MenuEntry, ...],
        static: Callable[[str], str],
        display: Callable[[str], str],
        office: str,
        connect: str,
    ) -> None:
        loader = FileSystemLoader(sorted(CONSOLE.glob("*/templates")))
        self._environments: dict[str, Environment] = {}
        for language in languages.every():
            environment = Environment(
                loader=loader,
                autoescape=True,
                undefined=StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
            )
            environment.install_gettext_translations(  # type: ignore[attr-defined]
                language.translations, newstyle=True
            )
            environment.globals.update(
                ngettext=_counting(environment.globals["ngettext"], language),
                language=language,
                languages=languages.all(),
                entries=sorted(entries, key=lambda entry: entry.order),
                static=static,
                office=office,
                connect=connect,
            )
            environment.filters.update(
                moment=language.moment,
                full=language.full,
                clock=language.clock,
                date=language.date_of,
                ymd=language.written,
                month=language.month,
                to_type=language.to_type,
                day=language.day,
                decimal=language.number,
                duration=seconds_text,
                phone=display,
            )
            self._environments[language.key] = environment

    def test(self, name: str, holds: Callable[[str], bool]) -> None:
        """Let every template ask `is name`."""
        for environment in self._environments.values():
            environment.tests[name] = holds

    def share(self, **values: Any) -> None:
        """Let every template use these."""
        for environment in self._environments.values():
            environment.globals.update(values)

    def page(self, context: Context, template: str, values: dict[str, Any]) -> str:
        """A whole page, or its main pane when htmx asks."""
        restoring = context.request.headers.get("HX-History-Restore-Request") == "true"
        whole = not context.partial or restoring
        found = self._environments[context.language.key].get_template(template)
        cookies = context.request.cookies
        theme = cookies.get("pbxd-theme", "")
        return found.render(
            layout="ui/layout.html" if whole else "ui/pane.html",
            viewer=context.viewer_or_none,
            errors=context.errors,
            kept=context.kept,
            path=context.request.path,
            query=context.request.query,
            theme=theme if theme in ("light", "dark") else "",
            narrow_menu=cookies.get("pbxd-menu") == "narrow",
            **values,
        )

    def fragment(self, language: Language, template: str, **values: Any) -> str:
        """A named partial, for the live stream."""
        return self._environments[language.key].get_template(template).render(**values)

    def words(self, language: Language, template: str, name: str) -> dict[str, str]:
        """What a file of words `set`s, for what is no page."""
        module = self._environments[language.key].get_template(template).module
        return {key: str(word) for key, word in getattr(module, name).items()}

    def compile(self, language: Language, template: str) -> None:
        """So that the first who needs it does not wait."""
        self._environments[language.key].get_template(template)


def _counting(plain: Any, language: Language) -> Callable[..., str]:
    """ngettext whose %(num)s has this language's marks."""

    @pass_context
    def ngettext(context: object, one: str, many: str, count: int, **values: object) -> str:
        said: str = plain(context, one, many, count, num=Counted.of(count, language), **values)
        return said

    return ngettext
