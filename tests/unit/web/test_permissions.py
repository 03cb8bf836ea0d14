"""The four roles: what each may do, said once more in other words."""

from __future__ import annotations

import pytest

from console.registry import CAPABILITIES
from console.web.permissions import PRESETS, Action, Role, Scope

MENUS = {route.need.menu for one in CAPABILITIES for route in one.routes if route.need}


def scope(role: Role, menu: str, action: Action) -> Scope:
    return PRESETS[role].scope(menu, action)


@pytest.mark.parametrize("menu", sorted(MENUS))
@pytest.mark.parametrize("action", Action)
def test_a_higher_role_may_no_less(menu: str, action: Action) -> None:
    guest, user, supervisor, admin = (
        scope(role, menu, action) for role in (Role.GUEST, Role.USER, Role.SUPERVISOR, Role.ADMIN)
    )
    assert guest <= user
    assert user <= admin
    assert supervisor <= admin
    assert admin is Scope.ALL


def test_the_office_rules() -> None:
    assert scope(Role.USER, "calls", Action.VIEW) is Scope.OWN
    assert scope(Role.SUPERVISOR, "calls", Action.VIEW) is Scope.ALL
    assert scope(Role.USER, "customers", Action.EXPORT) is Scope.NONE
    for role in (Role.SUPERVISOR, Role.USER, Role.GUEST):
        for menu in ("users", "settings", "a menu of next year"):
            seen = scope(role, menu, Action.VIEW)
            assert seen is Scope.NONE or (role is Role.SUPERVISOR and menu.startswith("a menu"))
    for action in set(Action) - {Action.VIEW}:
        assert scope(Role.GUEST, "customers", action) is Scope.NONE
        assert scope(Role.GUEST, "calls", action) is Scope.NONE
