"""What any SIP phone has: a UDP socket, a registration, a power switch."""

import asyncio
import secrets
from collections.abc import Callable
from typing import cast

from lab.errors import LabError
from lab.ports import OFFICE_ADDRESS
from lab.sip import MAGIC, Sip, authorization, build, parse
from lab.waiting import PATIENCE

EXPIRES = 3600


class UserAgent(asyncio.DatagramProtocol):
    """Registered at the office. Waiting methods raise LabError when late."""

    def __init__(self, extension: str, secret: str, registrar_port: int) -> None:
        self.extension = extension
        self.registered: bool | None = None
        self._secret = secret
        self._registrar = (OFFICE_ADDRESS, registrar_port)
        self._powered = True
        self._transport: asyncio.DatagramTransport | None = None
        self._changed = asyncio.Event()
        self._register_id, self._sequence = secrets.token_hex(8), 0
        self._expires, self._challenged = EXPIRES, False

    @property
    def state(self) -> str:
        """A word for messages."""
        raise NotImplementedError

    async def start(self) -> None:
        """Switch it on; returns when it is registered."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(OFFICE_ADDRESS, 0))
        self._register(EXPIRES)
        await self._until(lambda: self.registered is not None, "registered", 5)
        if not self.registered:
            raise LabError(f"phone {self.extension}: registration refused")

    async def stop(self) -> None:
        """Take the registration back, switch off.

        A phone whose power was cut gets it again for that: a registration left behind would keep
        calls of whoever comes next ringing at a port where nobody is.
        """
        if self.registered:
            self._powered = True
            await self.unregister()
        if self._transport is not None:
            self._transport.close()

    async def unregister(self) -> None:
        """Cannot be called any more; a call goes on."""
        self.registered = None
        self._register(0)
        await self._until(lambda: self.registered is not None, "unregistered", 5)
        self.registered = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = parse(data)
        if message is None or not self._powered:
            return
        if not message.status:
            self._take_request(message, addr)
        elif message.get("cseq").endswith("REGISTER"):
            self._take_registered(message)
        else:
            self._take_response(message)
        self._changed.set()

    def _take_request(self, request: Sip, addr: tuple[str, int]) -> None:
        raise NotImplementedError

    def _take_response(self, response: Sip) -> None:
        raise NotImplementedError

    def _take_registered(self, response: Sip) -> None:
        if int(response.get("cseq").partition(" ")[0]) != self._sequence:
            return
        if response.status == 401 and not self._challenged:
            self._challenged = True
            self._register(self._expires, response)
        elif response.status >= 200:
            self.registered = response.status == 200
            self._challenged = False

    def _register(self, expires: int, challenge: Sip | None = None) -> None:
        self._expires = expires
        self._sequence += 1
        uri = f"sip:{OFFICE_ADDRESS}:{self._registrar[1]}"
        address = f"<sip:{self.extension}@{OFFICE_ADDRESS}:{self._registrar[1]}>"
        headers = [
            ("From", f"{address};tag={self._register_id}"),
            ("To", address),
            ("Call-ID", f"{self._register_id}@{OFFICE_ADDRESS}"),
            ("CSeq", f"{self._sequence} REGISTER"),
            ("Contact", self._contact()),
            ("Expires", str(expires)),
        ]
        if challenge is not None:
            answer = authorization(challenge, self.extension, self._secret, "REGISTER", uri)
            headers.append(("Authorization", answer))
        self._send(f"REGISTER {uri} SIP/2.0", headers, self._registrar)

    def _contact(self) -> str:
        return f"<sip:{self.extension}@{OFFICE_ADDRESS}:{self._port()}>"

    def _port(self) -> int:
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def _send(
        self,
        first: str,
        headers: list[tuple[str, str]],
        addr: tuple[str, int],
        body: str = "",
        branch: str = "",
    ) -> None:
        branch = branch or f"{MAGIC}{secrets.token_hex(8)}"
        via = ("Via", f"SIP/2.0/UDP {OFFICE_ADDRESS}:{self._port()};rport;branch={branch}")
        self._sendto(build(first, [via, ("Max-Forwards", "70"), *headers], body), addr)

    def _sendto(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None and self._powered:
            self._transport.sendto(data, addr)

    async def _until(self, true: Callable[[], bool], what: str, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds * PATIENCE):
                while not true():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise LabError(
                f"phone {self.extension} was {self.state}, not {what}, after {seconds * PATIENCE} s"
            ) from None


class Broom(UserAgent):
    """Takes back whatever is registered for an extension (RFC 3261, 10.2.2)."""

    @property
    def state(self) -> str:
        return "sweeping"

    async def sweep(self) -> None:
        """Returns when nothing is registered any more."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(OFFICE_ADDRESS, 0))
        self._register(0)
        await self._until(lambda: self.registered is not None, "swept", 5)
        if self._transport is not None:
            self._transport.close()

    def _contact(self) -> str:
        return "*"

    def _take_request(self, request: Sip, addr: tuple[str, int]) -> None:
        """Nobody has anything to say to it."""

    def _take_response(self, response: Sip) -> None:
        """It asks nothing else."""
