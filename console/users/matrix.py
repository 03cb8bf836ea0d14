"""The matrix of rights: every menu × what can be done in it × whose things (S0-55)."""

from __future__ import annotations

from dataclasses import dataclass

from console.users.queries import User
from console.web.context import Context
from console.web.permissions import PRESETS, Action, Scope

# Where "one's own" or "my team's" means something; elsewhere one may or may not.
SCOPED: dict[tuple[str, Action], tuple[Scope, ...]] = {
    ("calls", Action.VIEW): (Scope.OWN,),
    ("recordings", Action.VIEW): (Scope.OWN, Scope.TEAM),
    ("recordings", Action.EXPORT): (Scope.OWN, Scope.TEAM),
    ("consultations", Action.EDIT): (Scope.OWN,),
    ("consultations", Action.DELETE): (Scope.OWN,),
    ("consultation-log", Action.VIEW): (Scope.OWN,),
    ("consultation-log", Action.EXPORT): (Scope.OWN,),
    ("service-records", Action.EDIT): (Scope.OWN,),
    ("service-records", Action.DELETE): (Scope.OWN,),
    ("scheduled", Action.VIEW): (Scope.OWN,),
    ("scheduled", Action.EDIT): (Scope.OWN,),
    ("notices", Action.VIEW): (Scope.TEAM,),
    ("notices", Action.EDIT): (Scope.OWN,),
    ("notices", Action.DELETE): (Scope.OWN,),
}
# who may set rights, or take all data along, would have all of them
FOR_ADMINISTRATORS = frozenset({"users", "backup"})
EVERYBODY_S = frozenset({"account"})


@dataclass(frozen=True, slots=True)
class Line:
    """A menu of the matrix: for each action the choices, the role's scope, one's own."""

    menu: str
    label: str
    cells: tuple[tuple[Action, tuple[Scope, ...], Scope, Scope | None], ...]


def matrix(context: Context, user: User) -> list[Line]:
    """Every menu with the actions that some address of it asks for."""
    from console.registry import CAPABILITIES  # noqa: PLC0415 - it knows this module

    labels: dict[str, str] = {}
    order: dict[str, int] = {}
    actions: dict[str, set[Action]] = {}
    for capability in CAPABILITIES:
        for entry in capability.entries:
            if entry.menu != "settings" or entry.index:
                labels.setdefault(entry.menu, entry.label)
                order.setdefault(entry.menu, entry.order)
        for route in capability.routes:
            if route.need is not None:
                actions.setdefault(route.need.menu, set()).add(route.need.action)
    text = context.language.text
    # without a page of their own: on the customer's, and on that of all queues
    labels |= {"consultations": text("Consultations of a customer"), "queues": text("Queues")}
    order |= {"consultations": order["customers"], "queues": order["desk"]}
    actions["consultations"].add(Action.VIEW)
    menus = set(actions) - FOR_ADMINISTRATORS - EVERYBODY_S
    lines = []
    for menu in sorted(menus, key=lambda one: (order.get(one, 99), one)):
        cells = tuple(
            (
                action,
                (Scope.NONE, *SCOPED.get((menu, action), ()), Scope.ALL),
                PRESETS[user.role].scope(menu, action),
                user.grants.get((menu, action)),
            )
            for action in Action
            if action in actions[menu]
        )
        lines.append(Line(menu, text(labels.get(menu, menu)), cells))
    return lines
