"""What each menu is for, and where the menus of the old program are now (S1-02)."""

from __future__ import annotations

from dataclasses import dataclass

from console.web.i18n import msgid

# By the address of the menu's entry; what is set up stands on the settings page.
ABOUT: dict[str, str] = {
    "/": msgid("Calls that go on, my last calls, who is there; calling, answering, transferring"),
    "/callbacks": msgid("Whom to call back, what was promised, missed calls, unfinished matters"),
    "/notices": msgid("What everybody or a department has to know, with files"),
    "/supervise": msgid("All calls and agents now; listening, whispering, taking over"),
    "/wallboard": msgid("Who waits, how long, how many were answered today, on a large screen"),
    "/customers": msgid("Everything about a customer on one page; search, Excel, duplicates"),
    "/consultations": msgid("What was talked about: search by period, type and person; Excel"),
    "/services": msgid("What was done for customers: states, amounts, slips"),
    "/labels": msgid("Address labels from any list of customers, on usual and own sheets"),
    "/calls": msgid("All calls that were: who, when, how long, how they ended"),
    "/recordings": msgid("Listening to calls again, holding and deleting recordings"),
    "/phonebook": msgid("The office's numbers and my own, speed dial, books for desk phones"),
    "/scheduled": msgid("Calls that are made by themselves at a time that was set"),
    "/queues": msgid("Waiting queues: logging in and out, members, how they ring"),
    "/hours": msgid("When the office is open, holidays, closing at once"),
    "/blacklist": msgid("Numbers whose calls are not put through"),
    "/abuse": msgid("Calls that were ended because of abuse, each with its file"),
    "/phone": msgid("My name, forwarding, what happens when a call comes"),
    "/extensions": msgid("Which extensions there are, and whether their phones are there"),
    "/functions": msgid("This page"),
    "/users": msgid("Who works here, by which extension, with which rights"),
    "/settings": msgid("How the office works: fields, lists, announcements, backup and more"),
}


@dataclass(frozen=True, slots=True)
class Old:
    """An entry of an old menu: where it is now (`path`, `now`), its `key`, or `how` instead."""

    label: str
    path: str = ""
    now: str = ""
    key: str = ""
    how: str = ""


_LATER = msgid("not there yet")
_BROWSER = msgid("The browser's own")

OLD_MENUS: tuple[tuple[str, tuple[Old, ...]], ...] = (
    (
        msgid("File menu"),
        (
            Old(msgid("New customer"), "/customers/new", msgid("New customer"), key="F4"),
            Old(msgid("Phone settings"), "/phone", msgid("My phone")),
            Old(msgid("Program settings"), "/settings", msgid("Settings")),
            Old(msgid("Feature list"), "/functions", msgid("Functions")),
            Old(msgid("Data backup"), "/settings/backup", msgid("Backup")),
            Old(msgid("Convert to Excel"), "/settings/export", msgid("All data to Excel")),
            Old(msgid("Print setup"), how=msgid("In the browser's print window")),
            Old(msgid("Print"), key="Ctrl+P"),
            Old(msgid("Exit"), how=msgid("“Log out” behind your name at the top right")),
        ),
    ),
    (
        msgid("Edit menu"),
        (
            Old(msgid("Cut"), key="Ctrl+X"),
            Old(msgid("Copy"), key="Ctrl+C"),
            Old(msgid("Paste"), key="Ctrl+V"),
        ),
    ),
    (
        msgid("View menu"),
        (
            Old(msgid("Customer search"), "/customers/search", msgid("Advanced search"), key="F2"),
            Old(msgid("View of call records"), "/calls", msgid("Call log")),
            Old(msgid("Management of call records"), "/calls", msgid("Call log")),
            Old(msgid("Statistics of call records"), "/wallboard", msgid("Wallboard")),
            Old(msgid("Send SMS"), how=_LATER),
        ),
    ),
    (
        msgid("Manage menu"),
        (
            Old(msgid("A/S filter management"), how=_LATER),
            Old(msgid("Collection"), how=_LATER),
            Old(msgid("Filter management"), how=_LATER),
            Old(msgid("Product management"), how=_LATER),
            Old(msgid("User management"), "/users", msgid("Accounts")),
            Old(msgid("Code management"), "/settings/codes", msgid("Codes")),
        ),
    ),
    (
        msgid("Window menu"),
        (
            Old(msgid("Tile horizontally"), how=_BROWSER),
            Old(msgid("Cascade"), how=_BROWSER),
        ),
    ),
    (
        msgid("Help menu"),
        (
            Old(msgid("Help"), key="F1"),
            Old(msgid("Online update"), how=msgid("Not needed: all are served the newest")),
        ),
    ),
)
