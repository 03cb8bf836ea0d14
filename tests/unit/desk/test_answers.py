"""What a command's answer says, and what the call bar may send."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from console.desk.answers import answer, in_words
from console.desk.forms import CallForm, ChooseForm, DialForm
from pbxd.desk.result import CommandResult, Result, refused

KOREAN = {"Extension {extension} is taken.": "{extension}번은 쓰고 있습니다.", "Broken {a}": "{b}"}


def korean(text: str) -> str:
    return KOREAN.get(text, text)


def test_reasons_are_in_the_users_language() -> None:
    said = answer(refused("taken", "Extension {extension} is taken.", extension="101"), korean)
    assert said["reason"] == "101번은 쓰고 있습니다."
    assert said["result"] == "refused"
    assert answer(CommandResult(Result.OK, call_key="K"), korean) == {
        "result": "ok", "reason_id": "", "reason": "", "call": "K"
    }  # fmt: skip


def test_a_translation_that_lost_a_placeholder_falls_back_to_english() -> None:
    assert in_words("Broken {a}", {"a": "1"}, korean) == "Broken 1"


@pytest.mark.parametrize(
    "body",
    [
        {"number": "010-1234-5678", "command_id": "short"},
        {"number": "", "command_id": "0" * 32},
        {"number": "1" * 201, "command_id": "0" * 32},
        {"number": "1", "command_id": "0" * 32, "customer_id": "../x"},
        {"number": "1", "command_id": "0\r\nAction: x"},
        {"number": "1", "command_id": "0" * 32, "context": "from-trunk"},
    ],
)
def test_what_is_no_dial_command(body: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        DialForm.model_validate(body)


def test_keys_are_keys() -> None:
    assert CallForm(call="01JD0000000000000000000000", command_id="a" * 32).call
    with pytest.raises(ValidationError):
        ChooseForm.model_validate({"call": "01JD", "customer_id": ""})
