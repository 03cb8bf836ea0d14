"""What the sample office prints labels with."""

from __future__ import annotations

from console.labels.model import Sender, Sheet
from console.labels.service import Labels
from console.labels.sheets import A4
from pbxd.app import Daemon

SENDER = Sender("한빛상사", "04157", "서울특별시 마포구 마포대로 38 5층", "02-555-0100")
LARGE = Sheet("", "소포용 2 × 3 (100 × 90 mm)", *A4, 2, 3, 10000, 9000, 400, 1000, 200, 350)


async def labels(daemon: Daemon) -> None:
    """The office as a sender, and a sheet of its own."""
    service = Labels(daemon.store, daemon.clock)
    await service.set_sender(SENDER, "")
    if not await service.sheets():
        await service.save_sheet(LARGE, "")
