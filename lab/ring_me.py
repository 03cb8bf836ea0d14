"""The sample office's outside world at the press of a button: somebody calls us."""

from lab.office import MAIN_NUMBER
from lab.outside import City

SPEECH = "pbxd/customer-asks"
RINGS_S = 40.0


class RingMe:
    """Lets a person outside call the office over the trunk, speak once answered, and wait."""

    def __init__(self, city: City) -> None:
        self._city = city

    async def ring(self, number: str | None, name: str = "", line: str = "") -> None:
        """Call `line` ("" the main number) from `number` (national digits; None: withheld)."""
        await self._city.call(line or MAIN_NUMBER, number, name or None, SPEECH, RINGS_S)
