"""What the columns about customers mean (`meanings.py` has the others)."""

from __future__ import annotations

from console.fields.model import STANDARD


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


CUSTOMER_COLUMNS: dict[str, str] = {f"customers.{one.word}": one.label for one in STANDARD} | {
    "customers.kind": _("person or company"),
    "customers.entries": _("More addresses, family, school, assets (JSON)"),
    "customers.custom": _("The office's own fields (JSON)"),
    "customer_groups.code_id": _("The group (codes.id)"),
    "customer_values.field": _("The field (customer_fields.word)"),
    "customer_values.text": _("What it holds"),
    "customer_values.number": _("The same as a number; a day as 20261121"),
    "customer_fields.word": _("Key of the field"),
    "customer_fields.own": _("Made by the office"),
    "customer_fields.kind": _("Kind"),
    "customer_fields.labels": _("Names by language (JSON)"),
    "customer_fields.choices": _("What can be chosen (JSON)"),
    "customer_fields.used": _("It is in the form"),
    "customer_fields.required": _("It must be filled in"),
    "customer_fields.in_pop": _("It is shown when the phone rings"),
    "customer_fields.searchable": _("The search finds it"),
    "customer_fields.removed": _("No longer offered"),
    "customer_options.word": _("Key of the setting"),
    "customer_options.value": _("What is set"),
    "trade_acts.trade": _("Which trade"),
    "trade_acts.language": _("Language"),
    "trade_acts.done": _("What was added (JSON)"),
    "trade_acts.undone_at": _("When it was taken back"),
    "trade_acts.undone_by": _("Who took it back (users.id)"),
    "codes.list": _("Which list"),
    "codes.colour": _("Colour"),
    "customers.contact_phone": _("The first number that is neither mobile nor fax"),
    "customers.mobile": _("The first mobile number"),
    "list_columns.list": _("Which list"),
    "list_columns.columns": _("Columns in their order, on a PC, on a phone (JSON)"),
    "saved_searches.list": _("Which list"),
    "saved_searches.query": _("The conditions"),
    "saved_searches.shared": _("For everybody"),
    "customer_batches.kind": _("delete, import or merge"),
    "customer_batches.undone_at": _("When it was taken back"),
    "customer_batches.undone_by": _("Who took it back (users.id)"),
    "customer_batch_items.batch_id": _("Which change (customer_batches.id)"),
    "customer_batch_items.what": _("created, changed or deleted"),
    "customer_batch_items.before": _("What it was (JSON)"),
    "customer_batch_items.moved": _("What went to another customer (JSON)"),
    "customer_imports.state": _("How far it is"),
    "customer_imports.batch_id": _("Which change (customer_batches.id)"),
    "customer_imports.body": _("Sheets, columns and counts (JSON)"),
    "customers.created_by": _("Who registered it (users.id)"),
    "customers.updated_at": _("When it was changed last"),
    "customers.last_contact_at": _("Last contact"),
    "customer_phones.kind": _("mobile, home, work, fax or other"),
    "customer_images.kind": _("main or related"),
    "customer_images.caption": _("Caption"),
    "customer_images.width": _("Width (pixels)"),
    "customer_images.height": _("Height (pixels)"),
    "customer_images.size": _("Size (bytes)"),
    "service_records.day": _("Day"),
    "service_records.status": _("done, in_progress, postponed, not_needed or impossible"),
    "service_records.summary": _("Service summary"),
    "service_records.served_by": _("Who served (users.id); empty: served_name"),
    "service_records.served_name": _("Name of who served, without an account"),
    "service_records.amount": _("Amount in whole units of the currency"),
    "service_phrases.number": _("Its number in the list"),
    "service_phrases.text": _("Phrase"),
}
