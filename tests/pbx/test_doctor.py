"""`pbxd doctor` on the real Asterisk."""

from __future__ import annotations

from pathlib import Path

from lab.office import Office
from pbxd.config import Settings
from pbxd.doctor import checks
from pbxd.doctor.finding import Level


async def test_all_is_well_on_the_lab(office: Office, tmp_path: Path) -> None:
    settings = Settings(
        pbx={  # type: ignore[arg-type]
            "host": "127.0.0.1",
            "port": office.ports.ami,
            "user": office.account.user,
            "secret": office.account.secret,
            "ws_url": office.ws_url,
            "cel_file": office.cel_file,
        },
        store={"directory": tmp_path},  # type: ignore[arg-type]
    )
    findings = await checks.asterisk(settings) + await checks.browser_phones(settings)
    assert [one for one in findings if one.level is Level.ERROR] == []
    said = " ".join(one.what for one in findings)
    assert "Asterisk 22" in said
    assert "[pbxd-inbound]" in said
    assert "The clocks of pbxd and Asterisk agree" in said
