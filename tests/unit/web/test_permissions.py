"""The four roles: what each may do, said once more in other words."""

from __future__ import annotations

import pytest

from console.functions.model import ABOUT
from console.registry import CAPABILITIES
from console.users.matrix import SCOPED, choices, declared
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


def test_a_guest_looks_at_what_there_is_and_no_more() -> None:
    """S1-84: nothing of the office's until an administrator grants it."""
    for menu in MENUS - {"functions", "account"}:
        for action in Action:
            assert scope(Role.GUEST, menu, action) is Scope.NONE, menu
    assert scope(Role.GUEST, "functions", Action.VIEW) is Scope.ALL


def test_nobody_has_a_scope_that_no_page_heeds() -> None:
    """Own and team are only where a menu tells whose things they are (tests/store/test_scopes)."""
    asked = {(menu, action) for menu, (_, _, actions) in declared().items() for action in actions}
    assert set(SCOPED) <= asked
    for role in Role:
        for menu, action in sorted(asked):
            assert scope(role, menu, action) in choices(menu, action), (role, menu, action)


def test_the_page_of_functions_says_what_each_menu_is_for() -> None:
    entries = [entry for one in CAPABILITIES for entry in one.entries]
    shown = {entry.path for entry in entries if entry.menu != "settings" or entry.index}
    assert set(ABOUT) == shown


def test_every_menu_has_a_name() -> None:
    assert [menu for menu, (name, _, _) in declared().items() if name == menu] == []
