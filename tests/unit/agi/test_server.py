"""The FastAGI door: no client can hold it, freeze it or slip a command in.

Each fault that panoramisk 1.4 has here is named; tests/unit/ami/test_panoramisk.py shows them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from pbxd.agi.server import AgiServer, Answer
from pbxd.agi.session import Question

ASKED: list[Question] = []


async def name_the_caller(question: Question) -> Answer:
    ASKED.append(question)
    return {"CALLERID(name)": '김"서준\\'}


async def never(question: Question) -> Answer:
    await asyncio.Event().wait()
    return {}


async def breaks_out(question: Question) -> Answer:
    return {"X": 'a"\nHANGUP'}


@pytest.fixture
async def door() -> AsyncIterator[AgiServer]:
    ASKED.clear()
    server = AgiServer(
        "127.0.0.1",
        0,
        {"/caller-name": name_the_caller, "/never": never, "/breaks-out": breaks_out},
    )
    await server.start()
    yield server
    await server.close()


async def ask(door: AgiServer, env: bytes, replies: tuple[bytes, ...] = ()) -> list[bytes]:
    """Send an environment block, answer each command with the next reply; the commands seen."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(env)
    seen = []
    async with asyncio.timeout(3):
        for reply in replies:
            line = await reader.readline()
            if not line:
                break
            seen.append(line)
            writer.write(reply)
        seen.extend([line async for line in reader])
    writer.close()
    return seen


def block(request: str, **more: str) -> bytes:
    lines = {"agi_network": "yes", "agi_request": request, **more}
    return "".join(f"{key}: {value}\n" for key, value in lines.items()).encode() + b"\n"


async def test_a_question_is_answered_with_quoted_values(door: AgiServer) -> None:
    env = block(
        "agi://h/caller-name?line=1", agi_callerid="01012345678", agi_calleridname="unknown"
    )
    seen = await ask(door, env, (b"200 result=1\n",))
    assert seen == ['SET VARIABLE CALLERID(name) "김\\"서준\\\\"\n'.encode()]
    assert (ASKED[0].caller, ASKED[0].name, ASKED[0].query) == ("01012345678", "", {"line": "1"})


async def test_connect_and_close_harms_nobody(door: AgiServer) -> None:
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.close()
    assert await ask(door, block("agi://h/caller-name"), (b"200 result=1\n",))


async def test_a_silent_client_is_let_go_at_the_deadline(door: AgiServer) -> None:
    assert await ask(door, b"agi_network: yes\n") == []
    assert door.late == 1


async def test_a_slow_hook_ends_at_the_deadline_with_the_default(door: AgiServer) -> None:
    assert await ask(door, block("agi://h/never")) == []
    assert door.late == 1


@pytest.mark.parametrize(
    "env",
    [
        b"x: y\n" * 100 + b"\n",
        b"agi_request: " + b"a" * 100_000 + b"\n\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\n",
        block("agi://h/nobody-knows"),
    ],
)
async def test_nonsense_is_let_go(door: AgiServer, env: bytes) -> None:
    assert await ask(door, env) == []


async def test_a_line_break_in_a_value_is_refused(door: AgiServer) -> None:
    assert await ask(door, block("agi://h/breaks-out")) == []


@pytest.mark.parametrize(
    "reply", [b"HANGUP\n", b"200 result=-1\n", b"511 dead channel\n", b"\x00\n"]
)
async def test_a_hang_up_in_mid_command_is_an_end_not_a_fault(
    door: AgiServer, reply: bytes
) -> None:
    await ask(door, block("agi://h/caller-name"), (reply,))
    assert door.answered == 0


async def test_a_usage_text_of_many_lines_is_one_reply(door: AgiServer) -> None:
    usage = b"520-Invalid command syntax.\nmore of it\n520 End of proper usage.\n"
    await ask(door, block("agi://h/caller-name"), (usage,))
    assert door.answered == 1


async def test_bytes_that_are_not_utf8_are_read_as_cp949(door: AgiServer) -> None:
    env = block("agi://h/caller-name")[:-1] + b"agi_calleridname: " + "홍길동".encode("cp949")
    await ask(door, env + b"\n\n", (b"200 result=1\n",))
    assert ASKED[0].name == "홍길동"


@pytest.mark.parametrize("size", [1, 7, 40])
async def test_an_environment_in_pieces(door: AgiServer, size: int) -> None:
    env = block("agi://h/caller-name", agi_callerid="0212345678")
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    for start in range(0, len(env), size):
        writer.write(env[start : start + size])
        await writer.drain()
        await asyncio.sleep(0)
    assert (await reader.readline()).startswith(b"SET VARIABLE")
    for part in (b"200 res", b"ult=1\r", b"\n"):
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0)
    assert await reader.read() == b""
    writer.close()
    assert (door.answered, ASKED[0].caller) == (1, "0212345678")


async def test_nothing_is_left_of_anybody(door: AgiServer) -> None:
    await asyncio.gather(
        ask(door, b"agi_network: yes\n"),
        ask(door, b"garbage"),
        ask(door, block("agi://h/never")),
        ask(door, block("agi://h/caller-name"), (b"200 result=1\n",)),
    )
    async with asyncio.timeout(2):
        while door.open:
            await asyncio.sleep(0.01)
