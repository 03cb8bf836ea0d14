"""What screens stand on: the daemon's parts and the console's own, handed to every handler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from console.web.i18n import Languages
from console.web.sessions import Sessions
from console.web.static import StaticFiles
from console.web.templates import Templates

if TYPE_CHECKING:
    from console.addresses.service import Addresses
    from console.backup.exporting import Exports
    from console.batches.service import Batches
    from console.codes.service import Codes
    from console.consultations.service import Consultations
    from console.customer_history.service import CustomerHistory
    from console.customer_images.service import CustomerImages
    from console.customer_import.service import Imports
    from console.customer_search.service import CustomerSearch
    from console.customers.service import Customers
    from console.customers.tabs import Tab
    from console.desk.desktop import Desktop
    from console.drafts.service import Drafts
    from console.duplicates.service import Duplicates
    from console.fields.service import Fields
    from console.further_numbers.service import FurtherNumbers
    from console.labels.service import Labels
    from console.lists.service import Lists
    from console.live.parts import Parts
    from console.live.stream import LiveHub
    from console.memos.service import Memos
    from console.notices.service import Notices
    from console.service_records.service import ServiceRecords
    from console.trades.service import Trades
    from console.users.service import Users
    from pbxd.app import Daemon


class RingMe(Protocol):
    """The sample office's outside world: lets somebody call us."""

    async def ring(self, number: str | None, name: str = "", line: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """All parts; `ring_me` only in the sample office."""

    daemon: Daemon
    languages: Languages
    templates: Templates
    static: StaticFiles
    sessions: Sessions
    users: Users
    hub: LiveHub
    parts: Parts
    customers: Customers
    desktop: Desktop
    memos: Memos
    consultations: Consultations
    codes: Codes
    fields: Fields
    search: CustomerSearch
    lists: Lists
    drafts: Drafts
    batches: Batches
    imports: Imports
    customer_history: CustomerHistory
    duplicates: Duplicates
    notices: Notices
    service_records: ServiceRecords
    exports: Exports
    images: CustomerImages
    further: FurtherNumbers
    trades: Trades
    labels: Labels
    addresses: Addresses
    tabs: tuple[Tab, ...] = ()  # of a customer's page, in order
    ring_me: RingMe | None = None
