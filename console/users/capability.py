"""Accounts in the console."""

from __future__ import annotations

from console.capability import Capability, MenuEntry, Route, get, post
from console.users import extensions, first, manage, sheet, views
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
        get("/account/first", first.shown, "account"),
        post("/account/first", first.save, "account"),
        post("/account/password", views.set_password, "account"),
        post("/account/totp", views.enrol_totp, "account"),
        post("/account/totp/off", views.remove_totp, "account"),
        post("/account/sessions/end", views.end_session, "account"),
        get("/users", manage.listed, "users"),
        get("/users/export", sheet.export, "users", Action.EXPORT),
        post("/users", manage.create, "users", Action.CREATE),
        get(extensions.PATH, extensions.page, "users"),
        post(extensions.PATH, extensions.save, "users", Action.CREATE),
        post(f"{extensions.PATH}/close", extensions.close, "users", Action.DELETE),
        post(f"{extensions.PATH}/reopen", extensions.reopen, "users"),
        get("/users/{id}", manage.shown, "users"),
        post("/users/{id}", manage.save, "users"),
        post("/users/{id}/rights", manage.save_rights, "users"),
        post("/users/{id}/password", manage.set_password, "users"),
        post("/users/{id}/close", manage.close, "users", Action.DELETE),
        post("/users/{id}/reopen", manage.reopen, "users"),
    ),
)
