"""Browser phones: made at Asterisk when first needed, with a new secret for each page."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from pbxd.agents.browser_phone import entries
from pbxd.agents.model import DeviceKind, SipCredentials, endpoint_of
from pbxd.agents.service import Agents
from pbxd.ami import actions
from pbxd.ami.events import DeviceState
from pbxd.ami.link import Link
from pbxd.config import OfficeSettings, PbxSettings
from pbxd.errors import NotFound, PbxUnavailable

_PROMPTS = {"ko": "ko", "zh_Hant": "zh", "en": "en"}  # Asterisk's names of the languages
_UNSEEN = (DeviceState.UNKNOWN, DeviceState.INVALID)


class BrowserPhones:
    """Hands out SIP credentials; the last ones given are the only ones that register."""

    def __init__(
        self, link: Link, agents: Agents, pbx: PbxSettings, office: OfficeSettings
    ) -> None:
        self._link = link
        self._agents = agents
        self._pbx = pbx
        self._office = office
        self._made: set[str] = set()

    async def credentials(self, agent_id: str) -> SipCredentials:
        """New credentials for the agent's browser phone. Raises NotFound, PbxUnavailable."""
        agent = self._agents.by_id(agent_id)
        if agent is None or agent.closed:
            raise NotFound("no-agent", "There is no such agent.")
        endpoint = endpoint_of(agent.extension, DeviceKind.BROWSER)
        secret = secrets.token_urlsafe(24)
        language = _PROMPTS[self._office.language]
        new = self._agents.device_state(agent.extension, DeviceKind.BROWSER) in _UNSEEN
        for entry in entries(
            endpoint, agent.extension, agent.name, secret, language, self._pbx.media_address
        ):
            await self._do(actions.DBPut(entry.family, entry.key, entry.value))
        if new and endpoint not in self._made:
            # PJSIP tells the state only of phones that it has loaded once
            await self._do(actions.ReloadPjsip())
            self._made.add(endpoint)
        domain = self._pbx.sip_domain or urlsplit(self._pbx.ws_url).hostname or "pbx"
        return SipCredentials(f"sip:{endpoint}@{domain}", endpoint, secret, self._pbx.ws_url)

    async def _do(self, action: actions.Action) -> None:
        if not (await self._link.send(action)).ok:
            raise PbxUnavailable(
                "browser-phone-unavailable",
                "The telephone system cannot be asked for a browser phone now.",
            )
