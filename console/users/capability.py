"""Accounts in the console."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, Route, get, post
from console.users import views
from console.web.permissions import Action

capability = Capability(
    word="users",
    entries=(MenuEntry("users", "/users", "Accounts", "users", 90),),
    routes=(
        Route("GET", "/login", views.login, None),
        Route("POST", "/login", views.log_in, None),
        Route("GET", "/language/{code}", views.choose_language, None),
        post("/logout", views.log_out, "account"),
        get("/account", views.account, "account"),
        post("/account/language", views.set_language, "account"),
        post("/account/password", views.set_password, "account"),
        post("/account/totp", views.enrol_totp, "account"),
        post("/account/totp/off", views.remove_totp, "account"),
        post("/account/sessions/end", views.end_session, "account"),
        get("/users", views.users, "users"),
        post("/users", views.create_user, "users", Action.CREATE),
        post("/users/{id}/close", views.close_user, "users", Action.DELETE),
    ),
)
