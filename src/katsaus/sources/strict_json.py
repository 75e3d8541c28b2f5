"""JSON from the network, believed only as far as it keeps its promise. Messages name places in it, never its values."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from katsaus.errors import Problem, SourceError

AGAIN = "look at the address in a browser and try again later; if it stays so, the source has changed"


class Foreign(BaseModel):
    """What we rely on in an answer; a source may say more than that."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


F = TypeVar("F", bound=Foreign)


def parse_json(content: bytes, where: str) -> object:
    """`content` as JSON, decimals as they are written (Decimal). Raises SourceError, also for a key written twice."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        why = "perhaps a page to log in, or a notice that the service is closed"
        raise SourceError(Problem("a web page came instead of data", where, why, AGAIN))
    doubled: list[str] = []

    def gather(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            doubled.append("")
        return found

    try:
        data = json.loads(content, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=gather)
    except (ValueError, RecursionError):  # json's own message may repeat what it read
        raise SourceError(
            Problem("the answer is not JSON", where, "it is cut short or something else", AGAIN)
        ) from None
    if doubled:
        raise SourceError(Problem("the answer has a key twice", where, "which of the two holds is unknown", AGAIN))
    return data


def _refuse(_: str) -> None:
    raise ValueError


def checked(data: object, model: type[F], *, where: str) -> F:
    """`data` as `model`. Raises SourceError that names the parts which do not fit."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        names = sorted({_name(item["loc"]) for item in error.errors(include_input=False, include_url=False)})
        why = "missing or of another kind: " + ", ".join(names)
        raise SourceError(Problem("the answer is not as promised", where, why, AGAIN)) from None


def _name(loc: tuple[int | str, ...]) -> str:
    """The key of the model at fault: deeper down keys are the source's own words."""
    return next((str(part) for part in loc if isinstance(part, str)), "the whole")
