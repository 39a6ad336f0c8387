"""Proves a copy by a drift check: what it has is sent as hashes, range by range, and what differs comes back by name."""
import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

RANGE = 1_000


class Difference(NamedTuple):
    """Something that the copy has not, has otherwise, or has and the directory has not; with the change it missed."""

    kind: str
    subject: str
    seq: int | None


def canonical(value: object) -> str:
    """JSON in its canonical form (RFC 8785)."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(float(value))
    return json.dumps(value, ensure_ascii=False)


def number(value: float) -> str:
    """A number as ECMAScript prints it."""
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + int(exponent)
    if len(text) <= point <= 21:
        text += "0" * (point - len(text))
    elif 0 < point <= 21:
        text = f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{text}"
    else:
        text = text[0] + ("." + text[1:] if text[1:] else "") + f"e{point - 1:+d}"
    return "-" + text if sign else text


def fingerprint(resource: dict) -> str:
    return hashlib.sha256(canonical(resource).encode()).hexdigest()


def compare(ask, users: dict, groups: dict, members: dict) -> tuple[int, list[Difference]]:
    """Everything held against the directory. The change as of which it was read last, and all differences."""
    seq, found = 0, []
    hashed = lambda held: [{"id": id, "hash": fingerprint(held[id])} for id in sorted(held)]
    questions = [({"resourceType": "User"}, hashed(users)), ({"resourceType": "Group"}, hashed(groups))]
    for group in sorted(groups):
        named = [{"id": id} for id in sorted(members.get(group, ()))]
        questions.append(({"resourceType": "Member", "groupId": group}, named))
    for base, items in questions:
        for answer in ranges(ask, base, items):
            seq = answer["seq"]
            for kind, change in (("missing", "seq"), ("differing", "seq"), ("unknown", "deletedSeq")):
                what = f"{kind} {base['resourceType']}"
                found += [Difference(what, one["id"], one.get(change)) for one in answer[kind]]
    return seq, found


def ranges(ask, base: dict, items: list[dict]) -> Iterator[dict]:
    """The answers for one list, range by range. A group that is gone has none: it is named among the groups."""
    after = None
    while True:
        left = [item for item in items if after is None or item["id"] > after]
        question = {**base, "items": left[:RANGE], "last": len(left) <= RANGE}
        answer = ask(question if after is None else {**question, "after": after})
        if answer is None:
            return
        yield answer
        after = answer.get("through")
        if after is None:
            return
