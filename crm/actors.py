"""Who acts: every changing verb takes an Actor as its second argument."""

from dataclasses import dataclass

from db.models import Role


@dataclass(frozen=True)
class Actor:
    user_id: int
    company_id: int
    role: Role
    is_operator: bool = False
    language: str = "ru"
    timezone: str = "Europe/Moscow"
