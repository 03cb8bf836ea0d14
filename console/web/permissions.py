"""Who may do what: menu × action × scope, with four roles as presets (S1-79 … S1-83)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Action(StrEnum):
    """What can be done in a menu."""

    VIEW = "view"
    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    EXPORT = "export"


class Scope(IntEnum):
    """Whose things: a wider scope includes the narrower ones."""

    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3


class Role(StrEnum):
    """Presets."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    USER = "user"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role may do in one menu."""

    view: Scope = Scope.NONE
    create: Scope = Scope.NONE
    edit: Scope = Scope.NONE
    delete: Scope = Scope.NONE
    export: Scope = Scope.NONE

    def scope(self, action: Action) -> Scope:
        """How far `action` reaches."""
        return Scope(getattr(self, action.value))


FULL = Grant(Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL)
READ = Grant(view=Scope.ALL)
NOTHING = Grant()


@dataclass(frozen=True, slots=True)
class Matrix:
    """A role's grants; a menu that is not named gets `otherwise`."""

    otherwise: Grant
    menus: dict[str, Grant] = field(default_factory=dict)

    def scope(self, menu: str, action: Action) -> Scope:
        """How far `action` reaches in `menu`."""
        return self.menus.get(menu, self.otherwise).scope(action)


Grants = Mapping[tuple[str, Action], Scope]  # what one person has besides his role


def scope_of(role: Role, own: Grants, menu: str, action: Action) -> Scope:
    """One's own grant, else the role's. Administrators can do everything (S1-82), always."""
    if role is not Role.ADMIN and (menu, action) in own:
        return own[menu, action]
    return PRESETS[role].scope(menu, action)


_WORK = Grant(Scope.ALL, Scope.ALL, Scope.ALL, Scope.OWN, Scope.NONE)

PRESETS: dict[Role, Matrix] = {
    Role.ADMIN: Matrix(FULL),
    Role.SUPERVISOR: Matrix(
        FULL, {"users": NOTHING, "settings": NOTHING, "extensions": NOTHING, "backup": NOTHING}
    ),
    Role.USER: Matrix(
        NOTHING,
        {
            "desk": FULL,
            "customers": _WORK,
            # everybody reads and adds; one's own can be changed for a day (S4-42, S4-93)
            "consultations": Grant(Scope.ALL, Scope.ALL, Scope.OWN, Scope.OWN, Scope.NONE),
            "consultation-log": Grant(view=Scope.OWN),
            # a service goes on for days: one's own can always be changed
            "service-records": Grant(Scope.ALL, Scope.ALL, Scope.OWN, Scope.OWN, Scope.NONE),
            "calls": Grant(view=Scope.OWN),
            "blacklist": Grant(Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL, Scope.NONE),
            "recordings": Grant(view=Scope.OWN),
            "phonebook": Grant(Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL, Scope.NONE),
            "callbacks": Grant(Scope.ALL, Scope.ALL, Scope.ALL, Scope.NONE, Scope.NONE),
            "scheduled": Grant(Scope.OWN, Scope.OWN, Scope.OWN, Scope.OWN),
            # what is meant for one's team; who may write has his own to change
            "notices": Grant(Scope.TEAM, Scope.NONE, Scope.OWN, Scope.OWN),
            "functions": READ,
            "account": FULL,
        },
    ),
    # may look at which functions there are, and use what the office grants besides (S1-84)
    Role.GUEST: Matrix(NOTHING, {"functions": READ, "account": FULL}),
}
