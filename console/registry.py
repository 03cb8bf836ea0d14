"""All capabilities of the console: a new one is its folder and one line here."""

from __future__ import annotations

from console.abuse.capability import capability as abuse
from console.addresses.capability import capability as addresses
from console.agents.capability import capability as agents
from console.announcements.capability import capability as announcements
from console.backup.capability import capability as backup
from console.batches.capability import capability as batches
from console.blacklist.capability import capability as blacklist
from console.callbacks.capability import capability as callbacks
from console.calls.capability import capability as calls
from console.capability import Capability
from console.codes.capability import capability as codes
from console.consultations.capability import capability as consultations
from console.contacts.capability import capability as contacts
from console.customer_history.capability import capability as customer_history
from console.customer_images.capability import capability as customer_images
from console.customer_import.capability import capability as customer_import
from console.customer_search.capability import capability as customer_search
from console.customers.capability import capability as customers
from console.desk.capability import capability as desk
from console.drafts.capability import capability as drafts
from console.duplicates.capability import capability as duplicates
from console.extensions.capability import capability as extensions
from console.fields.capability import capability as fields
from console.functions.capability import capability as functions
from console.further_numbers.capability import capability as further_numbers
from console.hours.capability import capability as hours
from console.labels.capability import capability as labels
from console.lists.capability import capability as lists
from console.memos.capability import capability as memos
from console.messaging.capability import capability as messaging
from console.mobile.capability import capability as mobile
from console.notices.capability import capability as notices
from console.outgoing.capability import capability as outgoing
from console.phonebook.capability import capability as phonebook
from console.queues.capability import capability as queues
from console.recordings.capability import capability as recordings
from console.scheduled.capability import capability as scheduled
from console.service_records.capability import capability as service_records
from console.settings.capability import capability as settings
from console.supervise.capability import capability as supervise
from console.talk_limit.capability import capability as talk_limit
from console.trades.capability import capability as trades
from console.users.capability import capability as users

CAPABILITIES: tuple[Capability, ...] = (
    desk,
    supervise,
    customer_search,
    customer_import,
    customer_history,
    duplicates,
    further_numbers,
    batches,
    contacts,
    customers,
    addresses,
    customer_images,
    consultations,
    service_records,
    labels,
    calls,
    lists,
    drafts,
    recordings,
    callbacks,
    phonebook,
    memos,
    notices,
    queues,
    scheduled,
    hours,
    outgoing,
    backup,
    blacklist,
    abuse,
    trades,
    fields,
    codes,
    extensions,
    functions,
    agents,
    talk_limit,
    announcements,
    settings,
    users,
    messaging,
    mobile,
)
