"""`pbxd init`: asks until the answer can be used, writes whole files, keeps old ones."""

from __future__ import annotations

import stat
from pathlib import Path

from cryptography import x509

from pbxd.config import load
from pbxd.doctor import checks, report
from pbxd.doctor.finding import Finding, Level
from pbxd.setup import init


def test_a_wrong_port_is_asked_for_again() -> None:
    typed = iter(["10.0.0.5", "many", "70000", "5039", *[""] * 20])
    said: list[str] = []
    answers = init.Answers()
    init.ask(answers, said.append, lambda question: next(typed))
    assert (answers.host, answers.port) == ("10.0.0.5", 5039)
    assert len(said) == 2


def test_what_is_written_can_be_read_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "pbxd.toml"
    answers = init.Answers(secret="s3cret", number="0255501234", members="101&102")
    left = init.write(answers, tmp_path, file)
    settings = load(file)
    assert settings.pbx.secret.get_secret_value() == "s3cret"
    assert settings.pbx.caller_id == "0255501234"
    assert settings.console.certificate is not None
    certificate = x509.load_pem_x509_certificate(settings.console.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    for secret in (file, tmp_path / "pbxd.key", tmp_path / "asterisk/pbxd/manager-pbxd.conf"):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600, secret
    account = (tmp_path / "asterisk/pbxd/manager-pbxd.conf").read_text("utf-8")
    assert "secret = s3cret" in account
    office = (tmp_path / "asterisk/pbxd/pbxd-office.conf").read_text("utf-8")
    assert "PBXD_MEMBERS=101&102" in office
    assert any("manager.conf" in step for step in left)


def test_an_older_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "pbxd.toml"
    file.write_text("# mine", "utf-8")
    init.write(init.Answers(secret="x"), tmp_path, file)
    (kept,) = tmp_path.glob("pbxd.toml.*")
    assert kept.read_text("utf-8") == "# mine"


async def test_the_doctor_names_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "pbxd.toml"
    file.write_text('[pbx]\nhost = "127.0.0.1"\nport = 1\n', "utf-8")
    findings = await checks.examine(load(file))
    said = report.text(findings)
    assert "Nothing listens at 127.0.0.1:1" in said
    assert "manager.conf" in said
    assert report.exit_code(findings) == 2


def test_the_doctors_exit_codes() -> None:
    ok, warning = Finding(Level.OK, "a"), Finding(Level.WARNING, "b", "c")
    assert report.exit_code([ok]) == 0
    assert report.exit_code([ok, warning]) == 1
    assert '"level": "warning"' in report.as_json([warning])
