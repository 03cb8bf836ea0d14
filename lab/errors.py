"""What can go wrong with the lab, in words that say what to do about it."""


class LabError(Exception):
    """Something in the lab did not do what it had to in time."""


class LabUnavailable(LabError):  # noqa: N818 - a state of this machine, not a fault
    """The lab cannot run on this machine; `todo` says what would change that."""

    def __init__(self, reason: str, todo: str) -> None:
        super().__init__(f"{reason} {todo}")
        self.reason = reason
        self.todo = todo
