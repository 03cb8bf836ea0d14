"""The console: one aiohttp application, made from the list of capabilities."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain

import structlog
from aiohttp import web

from console.abuse.news import AbuseNews
from console.addresses.service import Addresses
from console.agents.pages import PresencePages
from console.backup.exporting import Exports
from console.backup.news import BackupNews
from console.batches.service import Batches
from console.callbacks.columns import listed as callback_columns
from console.callbacks.news import CallbackNews
from console.calls.columns import COLUMNS as CALL_COLUMNS
from console.capability import Route
from console.consultations.columns import listed as consultation_columns
from console.consultations.service import Consultations
from console.customer_history.service import CustomerHistory
from console.customer_images.service import CustomerImages
from console.customer_import.service import Imports
from console.customer_search.service import CustomerSearch
from console.customers.editors import Editors
from console.customers.export import offered
from console.customers.gone import Gone
from console.customers.service import Customers
from console.desk.desktop import Desktop
from console.drafts.service import Drafts
from console.duplicates.service import Duplicates
from console.further_numbers.service import FurtherNumbers
from console.labels.service import Labels
from console.lists.model import in_words
from console.lists.service import Lists
from console.live.jobs import tell_of
from console.live.parts import Parts
from console.live.pbx import PbxStatus
from console.live.stream import LiveHub
from console.memos.service import Memos
from console.notices.news import NoticeNews
from console.notices.service import Notices
from console.queues.board import Wallboard
from console.registry import CAPABILITIES
from console.scheduled.news import ScheduledNews
from console.service_records.service import ServiceRecords
from console.services import RingMe, Services
from console.supervise.board import SupervisorBoard
from console.trades.service import Trades
from console.users.service import Users
from console.web.context import Context
from console.web.i18n import Languages, Years
from console.web.middleware import Door, content_policy
from console.web.sessions import Sessions
from console.web.static import StaticFiles
from console.web.templates import Templates
from pbxd.app import Daemon
from pbxd.callers.numbers import NumberKind

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Console:
    """The running console."""

    services: Services
    app: web.Application
    runner: web.AppRunner | None = None
    port: int = 0

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        settings = self.services.daemon.settings.console
        self.runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self.runner.setup()
        context = None
        if settings.certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(settings.certificate, settings.key)
        site = web.TCPSite(self.runner, settings.host, settings.port, ssl_context=context)
        await site.start()
        server = site._server  # the port is known only here when any free one was asked for
        assert server is not None
        self.port = server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    @property
    def address(self) -> str:
        """Where browsers find it."""
        settings = self.services.daemon.settings.console
        scheme = "https" if settings.certificate is not None else "http"
        return f"{scheme}://{settings.host}:{self.port}"

    async def stop(self) -> None:
        """Close every stream, then the door."""
        await self.services.hub.close()
        if self.runner is not None:
            await self.runner.cleanup()


async def make_console(
    daemon: Daemon, customers: Customers, ring_me: RingMe | None = None
) -> Console:
    """Put the console together; it does not listen yet."""
    settings = daemon.settings
    languages = Languages(
        settings.office.language, settings.office.zone, Years(settings.office.years)
    )
    static = StaticFiles()
    secure = settings.console.certificate is not None
    templates = Templates(
        languages,
        tuple(entry for capability in CAPABILITIES for entry in capability.entries),
        static.url,
        daemon.plan.display,
        settings.office.name,
        settings.pbx.ws_url,
    )
    sessions = Sessions(
        daemon.store, daemon.clock, secure=secure, keep_days=settings.console.keep_days
    )
    users = Users(daemon.store, daemon.clock, settings.office.zone)
    await users.load()
    await customers.codes.load()
    await customers.fields.load()
    daemon.phonebook.extension_of = _extension_of(daemon, users)
    hub = LiveHub(sessions)
    parts = Parts(hub, languages, templates)
    users.on_change(hub.recheck)
    daemon.outgoing.roles = lambda: {
        user.agent_id: user.role.value for user in users.all() if user.agent_id and not user.closed
    }
    users.on_change(lambda user_id: daemon.outgoing.align())
    sessions.on_end(hub.session_ended)
    _shared(templates, daemon, customers, parts)
    AbuseNews(
        daemon.bus, hub, languages, daemon.agents, daemon.presence, customers, daemon.supervisor
    )
    ScheduledNews(daemon.bus, hub, languages)
    CallbackNews(daemon, hub, parts, languages)
    BackupNews(daemon, hub, parts)
    exports = Exports(daemon)
    await exports.load()
    _jobs(exports, addresses := Addresses(daemon, customers), hub, parts)
    hub.on_page(daemon.desk.rescue.page)
    PbxStatus(daemon.bus, hub, languages, templates, daemon.link.status)
    PresencePages(daemon.bus, hub, daemon.agents, daemon.presence, daemon.clock)
    desktop = Desktop(daemon, hub, parts, languages, templates, customers)
    await desktop.load()
    templates.share(pop_options=desktop.options.of)
    _boards(daemon, desktop, parts)
    _pages_of_customers(hub, parts, languages, templates, customers)
    consultations = Consultations(daemon, customers, users, _call_of(daemon, desktop))
    await consultations.load()
    daemon.supervisor.service("recalls", consultations.run)
    trades = Trades(daemon.store, daemon.clock, customers, consultations)
    templates.share(trade_wanted=trades.wanted)
    notices = Notices(daemon, users)
    await notices.load()
    customers.codes.follow(users)
    customers.codes.follow(notices)
    NoticeNews(daemon, hub, parts, languages, notices)
    batches = Batches(daemon.store, customers, daemon.clock)
    imports = Imports(
        daemon.store,
        customers,
        batches,
        languages,
        daemon.supervisor,
        daemon.clock,
        settings.store.directory / "imports",
    )
    await imports.resume()
    images = CustomerImages(daemon.store, customers, daemon.clock)
    daemon.supervisor.service("deleted pictures", images.run)
    services = Services(
        daemon,
        languages,
        templates,
        static,
        sessions,
        users,
        hub,
        parts,
        customers,
        desktop,
        Memos(daemon, customers, lambda key: desktop.who.of(key).customer_id),
        consultations,
        customers.codes,
        customers.fields,
        CustomerSearch(
            daemon.store, customers, daemon.clock, settings.office.zone, settings.office.country
        ),
        Lists(daemon.store, daemon.clock),
        Drafts(daemon.store, daemon.clock),
        batches,
        imports,
        CustomerHistory(daemon.store, daemon.clock),
        Duplicates(daemon.store, customers, daemon.clock),
        notices,
        ServiceRecords(daemon, customers, users),
        exports,
        images,
        FurtherNumbers(daemon.store, customers.personal, daemon.clock),
        trades,
        Labels(daemon.store, daemon.clock),
        addresses,
        tuple(sorted(chain(*(one.tabs for one in CAPABILITIES)), key=lambda tab: tab.order)),
        ring_me,
    )
    return Console(services, _application(services))


def _jobs(exports: Exports, addresses: Addresses, hub: LiveHub, parts: Parts) -> None:
    """How far they are."""
    tell_of(exports, hub, parts, "exports", "backup", "backup/progress.html")
    tell_of(addresses, hub, parts, "postcodes", "settings", "addresses/progress.html")


def _shared(templates: Templates, daemon: Daemon, customers: Customers, parts: Parts) -> None:
    """What every template may use."""
    templates.share(
        abuse_kinds=lambda: daemon.abuse.kinds,
        live=parts.html,
        field_label=customers.fields.label,
        code=customers.codes.get,
        export_columns=offered(customers.fields),
        call_columns=partial(in_words, CALL_COLUMNS),
        consultation_columns=consultation_columns,
        callback_columns=callback_columns,
    )
    templates.test("mobile", lambda n: daemon.plan.classify(n).kind is NumberKind.MOBILE)


def _pages_of_customers(
    hub: LiveHub, parts: Parts, languages: Languages, templates: Templates, customers: Customers
) -> None:
    Editors(hub, parts, languages, templates)
    Gone(hub, parts, templates, customers)


def _boards(daemon: Daemon, desktop: Desktop, parts: Parts) -> None:
    SupervisorBoard(daemon, desktop.screens.names, parts)
    Wallboard(daemon, parts)


def _call_of(daemon: Daemon, desktop: Desktop) -> Callable[[str, str], str]:
    """In which live call an agent talks with a customer."""

    def call_of(agent_id: str, customer_id: str) -> str:
        agent = daemon.agents.by_id(agent_id)
        calls = daemon.live.of_extension(agent.extension) if agent is not None else ()
        keys = (call.key for call in calls if call.answered_at is not None)
        return next((key for key in keys if desktop.who.of(key).customer_id == customer_id), "")

    return call_of


def _extension_of(daemon: Daemon, users: Users) -> Callable[[str], str]:
    """Whose private speed dials are dialled from which phone."""

    def extension(user_id: str) -> str:
        user = users.get(user_id)
        agent = daemon.agents.by_id(user.agent_id) if user is not None else None
        return "" if agent is None or agent.closed else agent.extension

    return extension


def _application(services: Services) -> web.Application:
    settings = services.daemon.settings
    door = Door(services, settings.console.origins, content_policy(settings.pbx.ws_url))
    app = web.Application(client_max_size=2**20)
    routes = [route for capability in CAPABILITIES for route in capability.routes]
    live = Route("GET", "/live", _live, None)  # it turns away by itself who is not logged in
    for route in (*routes, live):
        app.router.add_route(route.method, route.path, door.handler(route))
    app.router.add_get("/static/{name}", services.static.serve)
    app.router.add_get("/worker.js", services.static.worker)
    missing = Route("*", "/{rest:.*}", _missing, None)
    app.router.add_route("*", missing.path, door.handler(missing))
    return app


async def _live(context: Context) -> web.StreamResponse:
    return await context.services.hub.serve(context)


async def _missing(context: Context) -> web.StreamResponse:
    text = context.language.text("There is no such page.")
    return context.render("web/refused.html", status=404, text=text)
