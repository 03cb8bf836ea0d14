"""Waiting for what announces nothing: a growing file, an open port, an empty channel list."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

from lab.errors import LabError

PAUSE_SECONDS = 0.05
# Deadlines are for what never comes. A machine that is busy with other things is no such case, so
# each of them is that many times what it says.
PATIENCE = 3


async def until(
    true: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str, seconds: float = 5
) -> None:
    """Ask again and again until the answer is true; LabError, naming `what`, when it never is.

    Only for things without an event to wait for.
    """
    try:
        async with asyncio.timeout(seconds * PATIENCE):
            while True:
                answer = true()
                if inspect.isawaitable(answer):
                    answer = await answer
                if answer:
                    return
                await asyncio.sleep(PAUSE_SECONDS)
    except TimeoutError:
        raise LabError(f"not within {seconds * PATIENCE} s: {what}") from None
