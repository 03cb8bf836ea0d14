"""The whole lab as one thing: root, prompts, office and city, started and stopped together."""

import asyncio
from pathlib import Path
from typing import Self

from lab.office import Office, OfficeSettings, Secrets
from lab.outside import City
from lab.phone import DeskPhone
from lab.ports import Ports
from lab.prompts import ensure_prompts
from lab.root import ensure_root, one_at_a_time

# Each extension's voice, so that a recording tells who was heard: 101 says 525 Hz ...
VOICE_HZ = {str(101 + i): 525 + 50 * i for i in range(8)}


class Town:
    """An office, its phones and the network around it, on loopback.

        async with Town(folder, usual_ports(), "run") as town:
            call = await town.city.call(MAIN_NUMBER, "01012345678", audio="pbxd/customer-asks")

    `folder` is <checkout>/.lab; `name` keeps several towns apart. With `keep` the AstDB and the
    event log stay for the next start (the sample office), otherwise all is thrown away.
    """

    def __init__(
        self,
        folder: Path,
        ports: Ports,
        name: str,
        keep: bool = False,
        settings: OfficeSettings | None = None,
    ) -> None:
        root = ensure_root(folder)
        with one_at_a_time(folder / "town.lock"):  # test workers come at the same moment
            ensure_prompts(root)
            self.secrets = Secrets.of(folder)
        self.ports = ports
        self.office = Office(f"{name}-office", root, ports, self.secrets, settings)
        self.city = City(f"{name}-city", root, ports, self.secrets)
        self.phones: list[DeskPhone] = []
        self._keep = keep

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start both PBXs (about 1 s)."""
        if not self._keep:
            self.office.remove()
            self.city.remove()
        try:
            await asyncio.gather(self.office.start(), self.city.start())
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop phones and PBXs; within 5 s."""
        for phone in self.phones:
            await phone.stop()
            phone.clean()
        self.phones.clear()
        await asyncio.gather(self.office.stop(), self.city.stop())
        if not self._keep:
            self.office.remove()
            self.city.remove()

    def desk_phone(self, extension: str, hz: int | None = None) -> DeskPhone:
        """The desk phone of an extension, not yet switched on (`await phone.start()`)."""
        phone = DeskPhone(
            extension,
            self.secrets.desk[extension],
            self.ports.sip,
            hz or VOICE_HZ[extension],
        )
        self.phones.append(phone)
        return phone
