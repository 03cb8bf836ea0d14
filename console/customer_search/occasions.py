"""Searches for the occasions on which an office writes or calls (S3-03)."""

from __future__ import annotations

from console.web.i18n import msgid

OCCASIONS = (
    (msgid("Birthday today"), "birth_today=1"),
    (msgid("Birthday in the next 7 days"), "birth_in=week"),
    (msgid("Birthday in this month"), "birth_in=month"),
    (msgid("Wedding day in the next 7 days"), "wedding_in=week"),
    (msgid("No contact for 3 months"), "quiet=90"),
    (msgid("No contact for a year"), "quiet=365"),
    (msgid("Greetings and news: all who take messages"), "no_sms=no"),
    (msgid("Prospects"), "prospect=yes"),
)
