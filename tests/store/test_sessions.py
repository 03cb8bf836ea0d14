"""Sessions and log-ins on a real database: what lasts, what ends, what is counted."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from sqlalchemy import func, select

from console.codes.service import Codes
from console.users.service import Profile, Users
from console.web.permissions import Role
from console.web.sessions import (
    ABSOLUTE,
    COOKIE,
    IDLE,
    KEPT_IDLE,
    PER_ACCOUNT,
    PER_ADDRESS,
    WINDOW,
    Sessions,
)
from console.web.tables import login_failures, sessions
from pbxd.errors import Conflict, InvalidInput, Refused
from pbxd.store.engine import Store

PASSWORD = "correct horse battery"


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def users(store: Store, watch: Watch) -> Users:
    made = Users(store, watch)
    await made.create("minah", "김민아", PASSWORD, Role.ADMIN)
    return made


@pytest.fixture
def kept(store: Store, watch: Watch) -> Sessions:
    return Sessions(store, watch, secure=True)


def request(token: str = "") -> web.Request:
    headers = {"Cookie": f"{COOKIE}={token}"} if token else {}
    return make_mocked_request("GET", "/", headers=headers)


def minah(users: Users) -> str:
    return users.all()[0].id


async def test_the_store_does_not_hold_what_opens_the_door(
    store: Store, kept: Sessions, users: Users
) -> None:
    token, row = await kept.begin(minah(users), request())
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    async with store.reading() as conn:
        (stored,) = await conn.execute(select(sessions))
    assert token not in "".join(str(value) for value in stored)
    assert (await kept.find(request(token))) is not None
    assert (await kept.find(request(row.token_hash))) is None


async def test_the_cookie(kept: Sessions) -> None:
    response = web.Response()
    kept.put_cookie(response, "secret")
    cookie = response.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"


async def test_logging_in_again_ends_the_browsers_earlier_session(
    kept: Sessions, users: Users
) -> None:
    first, _ = await kept.begin(minah(users), request())
    second, _ = await kept.begin(minah(users), request(first))
    assert first != second
    assert await kept.find(request(first)) is None
    assert await kept.find(request(second)) is not None


async def test_it_ends_when_unused_and_an_open_page_is_no_use(
    kept: Sessions, users: Users, watch: Watch
) -> None:
    token, row = await kept.begin(minah(users), request())
    for _ in range(3):
        watch.now += IDLE - timedelta(minutes=2)
        assert await kept.find(request(token)) is not None
    for _ in range(5):  # what the live stream of an open page does
        watch.now += IDLE / 4
        alive = await kept.by_hash(row.token_hash)
    assert alive is None
    assert await kept.find(request(token)) is None


async def test_it_ends_at_last_however_much_it_is_used(
    kept: Sessions, users: Users, watch: Watch
) -> None:
    token, _ = await kept.begin(minah(users), request())
    end = watch.now + ABSOLUTE
    while watch.now < end:
        assert await kept.find(request(token)) is not None
        watch.now += timedelta(hours=6)
    watch.now += timedelta(seconds=1)
    assert await kept.find(request(token)) is None


async def test_use_is_written_down_across_a_restart(
    store: Store, kept: Sessions, users: Users, watch: Watch
) -> None:
    token, _ = await kept.begin(minah(users), request())
    watch.now += IDLE - timedelta(minutes=2)
    await kept.find(request(token))
    watch.now += IDLE - timedelta(minutes=2)
    assert await Sessions(store, watch, secure=True).find(request(token)) is not None


async def test_who_ends_sessions_is_heard(kept: Sessions, users: Users) -> None:
    ended: list[str] = []
    kept.on_end(ended.append)
    _, here = await kept.begin(minah(users), request())
    token, there = await kept.begin(minah(users), request())
    await kept.end_all(minah(users), but=here.token_hash)
    assert ended == [there.token_hash]
    assert await kept.find(request(token)) is None
    assert [one.token_hash for one in await kept.of_user(minah(users))] == [here.token_hash]


async def test_many_guesses_at_once_are_many(kept: Sessions) -> None:
    """Checked before counted, a hundred parallel log-ins would all pass."""
    answers = await asyncio.gather(
        *(kept.attempt("minah", "192.0.2.1") for _ in range(40)), return_exceptions=True
    )
    let_in = [one for one in answers if one is None]
    assert len(let_in) == PER_ACCOUNT
    assert {one.id for one in answers if isinstance(one, Refused)} == {"login-throttled"}


async def test_an_address_that_tries_every_account(kept: Sessions) -> None:
    for place in range(PER_ADDRESS):
        await kept.attempt(f"user{place}", "192.0.2.1")
    with pytest.raises(Refused):
        await kept.attempt("another", "192.0.2.1")
    await kept.attempt("another", "192.0.2.2")


async def test_the_door_opens_again(store: Store, kept: Sessions, watch: Watch) -> None:
    for _ in range(PER_ACCOUNT):
        await kept.attempt("minah", "192.0.2.1")
    with pytest.raises(Refused):
        await kept.attempt("minah", "192.0.2.1")
    watch.now += WINDOW + timedelta(seconds=1)
    await kept.attempt("minah", "192.0.2.1")
    await kept.succeeded("minah")
    async with store.reading() as conn:  # and nothing is piled up
        count = await conn.execute(select(func.count()).select_from(login_failures))
        assert count.scalar_one() == 0


async def test_a_log_in(users: Users) -> None:
    assert (await users.authenticate(" Minah ", PASSWORD)) is not None
    assert (await users.authenticate("minah", PASSWORD + " ")) is None
    assert (await users.authenticate("nobody", PASSWORD)) is None


async def test_an_account_made_beside_the_running_daemon(
    store: Store, users: Users, watch: Watch
) -> None:
    await Users(store, watch).create("later", "나중", PASSWORD, Role.USER)
    found = await users.authenticate("later", PASSWORD)
    assert found is not None
    assert users.get(found.id) == found


async def test_a_code_is_good_once(users: Users, watch: Watch) -> None:
    await users.set_totp(minah(users), secret := pyotp.random_base32())
    now = pyotp.TOTP(secret).at(watch.now)
    assert await users.authenticate("minah", PASSWORD) is None
    assert await users.authenticate("minah", PASSWORD, "한글코드") is None
    assert await users.authenticate("minah", PASSWORD, now) is not None
    assert await users.authenticate("minah", PASSWORD, now) is None
    watch.now += timedelta(seconds=30)
    assert await users.authenticate("minah", PASSWORD, now) is None  # nor a little later
    assert await users.authenticate("minah", PASSWORD, pyotp.TOTP(secret).at(watch.now))
    watch.now += timedelta(seconds=90)
    late = pyotp.TOTP(secret).at(watch.now - timedelta(seconds=90))
    assert await users.authenticate("minah", PASSWORD, late) is None


async def test_the_last_administrator_stays(users: Users) -> None:
    with pytest.raises(Conflict):
        await users.close(minah(users))
    with pytest.raises(Conflict):
        await users.set_role(minah(users), Role.USER)
    other = await users.create("other", "이하은", PASSWORD, Role.ADMIN)
    await users.close(minah(users))
    assert await users.authenticate("minah", PASSWORD) is None
    with pytest.raises(Conflict):
        await users.close(other.id)


@pytest.mark.parametrize(
    ("login", "name", "password", "id"),
    [
        ("a", "n", PASSWORD, "login-form"),
        ("<script>", "n", PASSWORD, "login-form"),
        ("fine", "", PASSWORD, "user-name"),
        ("fine", "n", "short", "password-short"),
        ("minah", "n", PASSWORD, "login-taken"),
    ],
)
async def test_an_account_that_cannot_be(
    users: Users, login: str, name: str, password: str, id: str
) -> None:
    with pytest.raises((InvalidInput, Conflict)) as refused:
        await users.create(login, name, password, Role.USER)
    assert refused.value.id == id
    assert len(users.all()) == 1


async def test_kept_on_a_device_it_lasts_longer_but_not_for_ever(
    store: Store, users: Users, watch: Watch
) -> None:
    kept = Sessions(store, watch, secure=True, keep_days=30)
    token, row = await kept.begin(minah(users), request(), kept=True)
    assert row.kept
    response = web.Response()
    kept.put_cookie(response, token, kept=True)
    assert response.cookies[COOKIE]["max-age"] == str(30 * 86_400)
    end = watch.now + timedelta(days=30)
    while watch.now < end:  # a Monday's log-in holds over a long weekend, and a restart
        assert await kept.find(request(token)) is not None
        await kept.begin(minah(users), request())  # which clears away what is too old
        watch.now += KEPT_IDLE - timedelta(minutes=1)
    kept = Sessions(store, watch, secure=True, keep_days=30)
    assert await kept.find(request(token)) is None, "used until the last day, and over"


async def test_kept_but_forgotten_it_ends(store: Store, users: Users, watch: Watch) -> None:
    kept = Sessions(store, watch, secure=True, keep_days=30)
    token, _ = await kept.begin(minah(users), request(), kept=True)
    watch.now += KEPT_IDLE + timedelta(minutes=1)
    assert await kept.find(request(token)) is None


async def test_where_the_office_does_not_want_it_nobody_is_kept(
    kept: Sessions, users: Users, watch: Watch
) -> None:
    token, row = await kept.begin(minah(users), request(), kept=True)
    assert not row.kept
    watch.now += IDLE + timedelta(minutes=1)
    assert await kept.find(request(token)) is None


async def test_a_password_of_somebody_elses_is_marked_until_it_is_changed(users: Users) -> None:
    given = await users.create("given", "이하은", PASSWORD, Role.USER, issued=True)
    assert given.issued
    await users.set_password(given.id, "one of my own choice")
    assert [one.issued for one in users.all()] == [False, False]
    await users.set_password(given.id, PASSWORD, issued=True)
    found = await users.authenticate("given", PASSWORD)
    assert found is not None
    assert found.issued


async def test_after_the_last_day_nobody_gets_in(users: Users, watch: Watch) -> None:
    with pytest.raises(Conflict):  # nobody would be left to open the door again
        await users.set_profile(minah(users), Profile("김민아", left_on=watch.now.date()))
    other = await users.create("other", "이하은", PASSWORD, Role.USER)
    await users.set_profile(other.id, Profile("이하은", left_on=watch.now.date()))
    assert await users.authenticate("other", PASSWORD) is not None, "the last day"
    watch.now += timedelta(days=1)
    assert await users.authenticate("other", PASSWORD) is None
    assert users.get(other.id) is None
    await users.reopen(other.id)
    assert users.get(other.id) is not None


async def test_a_department_with_another_name(store: Store, users: Users, watch: Watch) -> None:
    codes = Codes(store, watch)
    codes.follow(users)
    made = await codes.add("department", "상담팀", "", "")
    await users.set_profile(minah(users), Profile("김민아", "상담팀", rank="상담팀"))
    await codes.change(made.id, "고객팀", "", 10, "")
    assert [(one.department, one.rank) for one in users.all()] == [("고객팀", "상담팀")]
