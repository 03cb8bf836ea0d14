"""What was said with the sample office's customers."""

from __future__ import annotations

import random
from datetime import timedelta

from console.audit import queries as audit
from console.consultations import queries
from console.consultations.model import Consultation, Part, Type
from console.users.service import Users
from pbxd.app import Daemon
from pbxd.calls import queries as calls
from pbxd.calls.model import Outcome
from pbxd.calls.queries import CallFilter
from pbxd.store.metadata import new_id

SEED = 1121
TYPES = (
    (("문의", "#3b82c4"), ("주문", "#2e9e6b"), ("A/S", "#d98a00"), ("불만", "#c0392b")),
    (("제품", ""), ("배송", ""), ("결제", ""), ("기타", "")),
    (("신규 고객", ""), ("기존 고객", ""), ("거래처", "")),
)
TEXTS = (
    ("정수기 필터 교체 주기를 물어보심. 6개월마다 교체라고 안내함.", 0, 0),
    ("주문하신 상품의 배송이 언제 오는지 문의. 오늘 출고되어 내일 도착 예정이라고 안내.", 1, 1),
    ("제품 전원이 들어오지 않는다고 하심. 콘센트 확인 후에도 같아 방문 수리를 접수함.", 2, 0),
    ("지난달 청구 금액이 맞지 않는다고 하심. 확인해 보고 다시 연락드리기로 함.", 3, 2),
    ("견적서를 팩스로 다시 보내 달라고 하심.\n담당자 변경: 이 부장 → 박 과장.", 0, 3),
    ("카드 결제가 두 번 되었다고 연락 주심. 한 건 취소 처리함.", 3, 2),
    ("추가 주문 3개, 지난번과 같은 주소로 보내 달라고 하심.", 1, 0),
    ("이사하셔서 주소 변경을 요청하심. 새 주소로 고객 정보를 고쳤음.", 0, 3),
)  # fmt: skip
MORE = (
    "물류팀에 확인함. 내일 오전 도착.",
    "고객과 통화함. 잘 받으셨다고 하심.",
    "기사 방문 일정을 다시 잡음.",
)


async def consultations(daemon: Daemon, users: Users) -> None:
    """Some of each kind: finished, unfinished, with something added, to be called again."""
    dice, now = random.Random(SEED), daemon.clock()  # noqa: S311 - a made-up office
    types = [
        [Type(new_id(), level, name, place, colour) for place, (name, colour) in enumerate(one, 1)]
        for level, one in enumerate(TYPES, 1)
    ]
    by_agent = {user.agent_id: user.id for user in users.all() if user.agent_id}
    wanted = CallFilter(since=now - timedelta(days=28), outcome=Outcome.ANSWERED)
    async with daemon.store.reading() as conn:
        records = (await calls.log(conn, wanted, size=400)).rows
    talked = [one for one in records if one.customer_id and one.agent_id in by_agent]
    made = []
    for place, record in enumerate(talked[:160]):
        text, first, second = dice.choice(TEXTS)
        by, at, id = by_agent[record.agent_id], record.ended_at, new_id()
        parts = [Part(new_id(), id, text, by, at, None, 1)]
        if dice.random() < 0.2:
            later = min(at + timedelta(hours=dice.randint(1, 20)), now)
            parts.append(Part(new_id(), id, dice.choice(MORE), by, later, None, 1))
        is_open = place < 30 and dice.random() < 0.4
        recall = now + timedelta(hours=dice.randint(-3, 30)) if is_open and place % 2 else None
        third = dice.choice(types[2]).id if dice.random() < 0.7 else ""
        made.append(
            Consultation(
                id, record.customer_id, record.id, (types[0][first].id, types[1][second].id, third),
                "", by, at, None if is_open else at, "" if is_open else by, recall, None, None, 1,
                tuple(parts),
            )
        )  # fmt: skip
    async with daemon.store.writing() as conn:
        for type in (one for several in types for one in several):
            await queries.keep_type(conn, type)
        for one in sorted(made, key=lambda one: one.at):
            await queries.add(conn, one)
            said = one.parts[0].text
            await audit.note(conn, one.at, one.by, "consultation.create", one.id, None, said)
