"""Who works in the sample office: departments, ranks, days of joining, lines of their own."""

from __future__ import annotations

from datetime import date

from console.users.service import Profile, Users

# login → department, rank, joined on, whom to call in an emergency
STAFF: dict[str, tuple[str, str, date, str]] = {
    "101": ("상담팀", "대리", date(2021, 3, 2), "배우자 010-0000-1101"),
    "102": ("상담팀", "사원", date(2023, 9, 4), "어머니 010-0000-1102"),
    "103": ("상담팀", "사원", date(2024, 1, 15), "아버지 010-0000-1103"),
    "104": ("상담팀", "과장", date(2017, 5, 22), "배우자 010-0000-1104"),
    "105": ("A/S팀", "대리", date(2020, 11, 9), "형 010-0000-1105"),
    "106": ("A/S팀", "사원", date(2025, 2, 3), "어머니 010-0000-1106"),
    "107": ("A/S팀", "사원", date(2022, 7, 18), "언니 010-0000-1107"),
    "108": ("운영팀", "팀장", date(2014, 4, 1), "배우자 010-0000-1108"),
}


async def staff(users: Users) -> None:
    """Fill in who the accounts' people are."""
    for user in users.all():
        if user.login not in STAFF:
            continue
        department, rank, joined, emergency = STAFF[user.login]
        line = f"+8225550{user.login}"
        profile = Profile(user.name, department, "", rank, joined, None, emergency, line)
        await users.set_profile(user.id, profile)
