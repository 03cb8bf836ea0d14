"""The board: the list, one notice with who has read it, the form, the files."""

from __future__ import annotations

from aiohttp import web

from console.notices.forms import ListQuery, NoticeForm, as_typed
from console.notices.model import MENU, Notice
from console.notices.rules import MOST_BYTES, MOST_FILES, MOST_IN_ALL
from console.notices.service import Stale
from console.web.context import Context
from console.web.forms import typed
from console.web.permissions import Action, Scope
from console.web.uploads import SentFile, as_attachment, form_with_files
from pbxd.errors import InvalidInput


async def listed(context: Context) -> web.StreamResponse:
    """What is for this person: pinned ones first, then the newest; or what is past."""
    return await _list(context, context.query(ListQuery))


async def shown(context: Context) -> web.StreamResponse:
    """One notice; from now on this person has read it."""
    service = context.services.notices
    notice = await service.opened(context.viewer, context.request.match_info["id"])
    follows = notice.by == context.viewer.user.id or context.viewer.scope(MENU) is Scope.ALL
    return context.render(
        "notices/one.html",
        notice=notice,
        by=_names(context).get(notice.by, ""),
        readers=await service.readers(notice) if follows else (),
        may_export=service.may(context.viewer, Action.EXPORT, notice),
        may_edit=service.may(context.viewer, Action.EDIT, notice),
        may_delete=service.may(context.viewer, Action.DELETE, notice),
        today=service.today(),
    )


async def read_all(context: Context) -> web.StreamResponse:
    """Nothing is unread any more."""
    await context.services.notices.read_all(context.viewer)
    return context.go("/notices")


async def new(context: Context) -> web.StreamResponse:
    """The empty form."""
    return _form(context, NoticeForm())


async def create(context: Context) -> web.StreamResponse:
    """A new one; what is wrong stays typed."""
    form, files = await _sent(context)
    try:
        notice = await context.services.notices.write(context.viewer, form.content(), files)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return _form(context, form, status=422)
    return context.go(f"/notices/{notice.id}")


async def edit(context: Context) -> web.StreamResponse:
    """The form of a notice."""
    id = context.request.match_info["id"]
    notice = await context.services.notices.to_change(context.viewer, id)
    return _form(context, as_typed(notice), notice)


async def save(context: Context) -> web.StreamResponse:
    """Other words; when somebody else has saved meanwhile, both are shown."""
    service, viewer = context.services.notices, context.viewer
    # before 50 MB are read
    notice = await service.to_change(viewer, context.request.match_info["id"])
    form, files = await _sent(context)
    try:
        await service.change(viewer, notice.id, form.version, form.content(), files, form.removed)
    except InvalidInput as refusal:
        context.errors[refusal.field] = context.language.refusal(refusal)
        return _form(context, form, notice, 422)
    except Stale as stale:
        context.errors[""] = context.language.refusal(stale)
        newest = form.model_copy(update={"version": stale.theirs.version})
        return _form(context, newest, stale.theirs, 409, theirs=as_typed(stale.theirs))
    return context.go(f"/notices/{notice.id}")


async def delete(context: Context) -> web.StreamResponse:
    """Away with it; the list offers to take it back."""
    id = context.request.match_info["id"]
    notice = await context.services.notices.delete(context.viewer, id, gone=True)
    response = await _list(context, ListQuery(), deleted=notice)
    response.headers["HX-Push-Url"] = "/notices"  # there is no page of it any more
    return response


async def restore(context: Context) -> web.StreamResponse:
    """Take a deletion back."""
    id = context.request.match_info["id"]
    await context.services.notices.delete(context.viewer, id, gone=False)
    return context.go(f"/notices/{id}")


async def download(context: Context) -> web.StreamResponse:
    """An attachment, to be kept and never to be shown by the browser."""
    found = context.request.match_info
    file, data = await context.services.notices.file(context.viewer, found["id"], found["file"])
    return web.Response(body=data, headers=as_attachment(file.name))


async def _sent(context: Context) -> tuple[NoticeForm, list[SentFile]]:
    values, files = await form_with_files(context.request, MOST_BYTES, MOST_IN_ALL)
    return typed(NoticeForm, values), files


async def _list(context: Context, query: ListQuery, deleted: Notice | None = None) -> web.Response:
    past = query.tab == "past"
    page = await context.services.notices.page(context.viewer, past, query.q.strip(), query.cursor)
    return context.render(
        "notices/list.html",
        wanted=query,
        page=page,
        names=_names(context),
        deleted=deleted,
        unread=context.services.notices.unread(context.viewer.user.id),
    )


def _form(
    context: Context,
    form: NoticeForm,
    notice: Notice | None = None,
    status: int = 200,
    theirs: NoticeForm | None = None,
) -> web.Response:
    there = context.services.notices.teams()
    return context.render(
        "notices/form.html",
        status=status,
        form=form,
        notice=notice,
        theirs=theirs,
        teams=sorted({*there, *(notice.content.teams if notice is not None else ())}),
        most_files=MOST_FILES,
    )


def _names(context: Context) -> dict[str, str]:
    return {user.id: user.name for user in context.services.users.all()}
