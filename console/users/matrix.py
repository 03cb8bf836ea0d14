"""The matrix of rights: every menu × what can be done in it × whose things (S0-55)."""

from __future__ import annotations

from dataclasses import dataclass

from console.users.queries import User
from console.web.context import Context
from console.web.i18n import msgid
from console.web.permissions import PRESETS, Action, Scope

# Where "one's own" or "my team's" means something; elsewhere one may or may not.
SCOPED: dict[tuple[str, Action], tuple[Scope, ...]] = {
    ("calls", Action.VIEW): (Scope.OWN, Scope.TEAM),
    ("calls", Action.EXPORT): (Scope.OWN, Scope.TEAM),
    ("recordings", Action.VIEW): (Scope.OWN, Scope.TEAM),
    ("recordings", Action.EXPORT): (Scope.OWN, Scope.TEAM),
    # who calls has to be known to everybody: to see is all or nothing (S0-54)
    ("customers", Action.EDIT): (Scope.OWN, Scope.TEAM),
    ("customers", Action.DELETE): (Scope.OWN, Scope.TEAM),
    ("consultations", Action.EDIT): (Scope.OWN,),
    ("consultations", Action.DELETE): (Scope.OWN,),
    ("consultation-log", Action.VIEW): (Scope.OWN, Scope.TEAM),
    ("consultation-log", Action.EXPORT): (Scope.OWN, Scope.TEAM),
    ("service-records", Action.EDIT): (Scope.OWN,),
    ("service-records", Action.DELETE): (Scope.OWN,),
    ("scheduled", Action.VIEW): (Scope.OWN,),
    ("scheduled", Action.EDIT): (Scope.OWN,),
    ("scheduled", Action.EXPORT): (Scope.OWN,),
    ("notices", Action.VIEW): (Scope.TEAM,),
    ("notices", Action.EDIT): (Scope.OWN,),
    ("notices", Action.DELETE): (Scope.OWN,),
    ("notices", Action.EXPORT): (Scope.OWN,),
}
# who may set rights, or take all data along, would have all of them
FOR_ADMINISTRATORS = frozenset({"users", "backup"})
# without an entry of their own: parts of the customer's page and of its list, the queues' settings
NAMES: dict[str, tuple[str, int]] = {
    "consultations": (msgid("Consultations of a customer"), 20),
    "personal-numbers": (msgid("National and business numbers"), 20),
    "customer-history": (msgid("Who saw and changed a customer"), 20),
    "customer-tools": (msgid("Customers: read in, merge, delete many"), 20),
    "queues": (msgid("Queues"), 10),
}
EVERYBODY_S = frozenset({"account", "functions"})


@dataclass(frozen=True, slots=True)
class Line:
    """A menu of the matrix: for each action the choices, the role's scope, one's own."""

    menu: str
    label: str
    cells: tuple[tuple[Action, tuple[Scope, ...], Scope, Scope | None], ...]


def declared() -> dict[str, tuple[str, int, frozenset[Action]]]:
    """By menu: its name (msgid), its place, and the actions that some address of it asks for."""
    from console.registry import CAPABILITIES  # noqa: PLC0415 - it knows this module

    names = dict(NAMES)
    actions: dict[str, set[Action]] = {"consultations": {Action.VIEW}}
    for capability in CAPABILITIES:
        for entry in capability.entries:
            if entry.menu != "settings" or entry.index:
                names.setdefault(entry.menu, (entry.label, entry.order))
        for route in capability.routes:
            if route.need is not None:
                actions.setdefault(route.need.menu, set()).add(route.need.action)
    menus = set(actions) - FOR_ADMINISTRATORS - EVERYBODY_S
    return {menu: (*names.get(menu, (menu, 99)), frozenset(actions[menu])) for menu in menus}


def choices(menu: str, action: Action) -> tuple[Scope, ...]:
    """How far a right may be made to reach."""
    return (Scope.NONE, *SCOPED.get((menu, action), ()), Scope.ALL)


def matrix(context: Context, user: User) -> list[Line]:
    """Every menu with what can be done in it."""
    lines = []
    for menu, (label, _, actions) in sorted(
        declared().items(), key=lambda one: (one[1][1], one[0])
    ):
        cells = tuple(
            (
                action,
                choices(menu, action),
                PRESETS[user.role].scope(menu, action),
                user.grants.get((menu, action)),
            )
            for action in Action
            if action in actions
        )
        lines.append(Line(menu, context.language.text(label), cells))
    return lines
