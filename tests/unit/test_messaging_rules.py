"""Who gets a message, who is left out, and how many at once."""

from __future__ import annotations

from datetime import UTC, datetime

from console.customers.model import Customer, Details, Phone, PhoneKind
from console.messaging.rules import LONGEST_MAIL, By, Recipient, batches, recipients

AT = datetime(2026, 11, 28, tzinfo=UTC)
MOBILE = Phone("+821012345678", PhoneKind.OTHER)  # what it is called does not matter
HOME = Phone("+8225550100", PhoneKind.HOME)
FAX = Phone("+8225550199", PhoneKind.FAX)
EVERY = (
    Customer("a", Details("가", phones=(HOME, MOBILE), email="A@example.com"), 1, AT, AT),
    Customer("b", Details("나", phones=(MOBILE,), email="a@example.com"), 1, AT, AT),
    Customer("c", Details("다", phones=(Phone("+821099990000"),), no_sms=True), 1, AT, AT),
    Customer("d", Details("라", phones=(HOME, FAX)), 1, AT, AT),
)


def found(by: By) -> dict[str, str]:
    made = recipients(EVERY, by, lambda number: number.startswith("+8210"))
    groups = {"to": made.to, "refused": made.refused, "without": made.without, "same": made.same}
    return {word: "".join(one.id for one in group) for word, group in groups.items()}


def test_each_gets_it_once_and_who_refuses_never() -> None:
    assert found(By.SMS) == {"to": "a", "refused": "c", "without": "d", "same": "b"}
    assert found(By.EMAIL) == {"to": "a", "refused": "", "without": "cd", "same": "b"}
    assert found(By.FAX) == {"to": "d", "refused": "", "without": "abc", "same": ""}


def test_batches() -> None:
    many = [Recipient(str(n), "", f"someone{n:04}@example.com") for n in range(200)]
    for by, size in ((By.SMS, 20), (By.SMS, 1), (By.EMAIL, 20)):
        made = list(batches(many, by, size))
        assert [one for batch in made for one in batch] == many
        if by is By.SMS:
            assert {len(batch) for batch in made} == {size}
        else:
            assert max(len(",".join(one.to for one in batch)) for batch in made) <= LONGEST_MAIL
            assert len(made) < 10
    assert list(batches([], By.SMS, 20)) == []
