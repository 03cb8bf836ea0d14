"""A printing as its address asks for it, and the labels of one page of it."""

from __future__ import annotations

from dataclasses import dataclass

from console.customer_search.chosen import ids_of
from console.labels import rules
from console.labels.forms import FIRST, SENDER, ChoiceQuery, WhomQuery
from console.labels.model import Chosen, Label, Sender, Sheet
from console.web.context import Context
from pbxd.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Job:
    """Whom, what and on what; `kinds` of further addresses that somebody of them has."""

    named: str
    ticked: tuple[str, ...]
    choice: ChoiceQuery
    sheet: Sheet
    chosen: Chosen
    kinds: tuple[str, ...]
    sender: Sender

    @property
    def office(self) -> bool:
        """The office's own labels."""
        return self.named == SENDER

    @property
    def count(self) -> int:
        """Labels."""
        whom = bool(rules.sender_label(self.sender)) if self.office else len(self.chosen.ids)
        return whom * self.choice.copies

    @property
    def sheets(self) -> int:
        """Sheets of paper."""
        return -(-(self.choice.start - 1 + self.count) // self.sheet.per_sheet)

    @property
    def whom(self) -> list[tuple[str, str]]:
        """For whom, for an address."""
        return [("list", self.named)] * bool(self.named) + [("id", id) for id in self.ticked]


async def job_of(context: Context) -> Job:
    """What the address asks; what is wrong in it is in the context's errors, and nobody chosen."""
    service, whom = context.services.labels, context.query(WhomQuery)
    named, ticked = whom.named(), context.request.query.getall("id", [])
    choice = await _choice(context)
    sheet = await service.sheet(choice.sheet)
    start = choice.start if choice.start <= sheet.per_sheet else 1
    choice = choice.model_copy(update={"sheet": sheet.id, "start": start})
    chosen: Chosen = Chosen(())
    kinds: tuple[str, ...] = ()
    try:
        ids = await ids_of(context, named, ticked)
        chosen, kinds = await service.chosen(ids, choice)
    except InvalidInput as refusal:
        context.errors[""] = context.language.refusal(refusal)
    sender = await service.sender()
    return Job(named, tuple(ticked), choice, sheet, chosen, kinds, sender)


async def _choice(context: Context) -> ChoiceQuery:
    asked = context.query(ChoiceQuery)
    if asked.chosen:
        return asked
    last = await context.services.labels.last_choice(context.viewer.user.id)
    kept = ChoiceQuery.kept_as(last) if last else FIRST
    return kept.model_copy(update={name: getattr(asked, name) for name in asked.model_fields_set})


async def labels_of(context: Context, job: Job, which: range) -> list[Label]:
    """These of a job's labels, copies one after another."""
    choice = job.choice
    if job.office:
        return [rules.sender_label(job.sender)] * len(which)
    ids = [job.chosen.ids[place // choice.copies] for place in which]
    known = await context.services.customers.several(dict.fromkeys(ids))
    daemon, languages = context.services.daemon, context.services.languages
    code = daemon.settings.office.language
    text = languages[code].text
    above = (rules.sender_line(job.sender),) if choice.sender else ()
    made: dict[str, Label] = {}
    for id, customer in known.items():
        number = customer.details.contact_phone or customer.details.mobile
        phone = daemon.plan.display(number) if number else ""
        label = rules.label_of(customer.details, phone, choice, text, code)
        made[id] = (*above, *label) if above and above[0].text else label
    return [made.get(id, ()) for id in ids]
