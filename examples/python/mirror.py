#!/usr/bin/env python3
"""Keeps a copy of a tenant's directory in a file: a snapshot first, then every change.

    DIRECTORY_SYNC_API_KEY=… mirror.py BASE TENANT [--state FILE] [--prove | --check]
"""
import argparse
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import drift


class Gone(Exception):
    """The feed does not go back as far as the copy; a snapshot does."""


@contextmanager
def reading() -> Iterator[None]:
    """An answer that breaks off in the midst, as when the service is killed, has failed as a connection fails."""
    try:
        yield
    except (http.client.IncompleteRead, http.client.BadStatusLine, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise OSError(f"the answer was broken off: {error!r}") from error


class Api:
    """The calls that a copy needs."""

    def __init__(self, base: str, tenant: str, key: str) -> None:
        self.base = f"{base.rstrip('/')}/api/v1/tenants/{tenant}"
        self.key = key

    def changes(self, after: int, wait: int) -> dict:
        with reading(), self._get(f"/changes?after={after}&wait={wait}&limit=200") as answer:
            return json.load(answer)

    def snapshot(self) -> Iterator[dict]:
        with reading(), self._get("/snapshot") as answer:
            for line in answer:
                yield json.loads(line)

    def drift(self, question: dict) -> dict | None:
        """Holds a range of the copy against the directory; nothing when the group is gone."""
        try:
            with reading(), self._get("/drift", json.dumps(question).encode()) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 400 and "groupId" in question:
                return None
            raise

    def _get(self, path: str, body: bytes | None = None):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, body, headers)
        try:
            return urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            if error.code == 410:
                raise Gone(json.load(error)["detail"]) from error
            raise


class Mirror:
    """What is known of the tenant, up to the change `seq`."""

    def __init__(self) -> None:
        self.seq = 0
        self.users: dict[str, dict] = {}
        self.groups: dict[str, dict] = {}
        self.members: dict[str, set[str]] = {}

    @classmethod
    def of_snapshot(cls, lines: Iterator[dict]) -> "Mirror":
        mirror, whole = cls(), False
        for line in lines:
            match line["kind"]:
                case "snapshot":
                    mirror.seq = line["seq"]
                case "user":
                    mirror.users[line["id"]] = line["resource"]
                case "group":
                    mirror.groups[line["id"]] = line["resource"]
                case "members":
                    mirror.members.setdefault(line["groupId"], set()).update(member["id"] for member in line["members"])
                case "end":
                    whole = True
        if not whole:
            raise OSError("the snapshot was broken off")
        return mirror

    def apply(self, change: dict) -> None:
        if change["seq"] != self.seq + 1:
            raise AssertionError(f"change {change['seq']} does not follow {self.seq}")
        kept = self.users if change["resourceType"] == "User" else self.groups
        subject = change["resourceId"]
        if change["type"].endswith(".deleted"):
            kept.pop(subject, None)
            self.members.pop(subject, None)
            for group in change.get("groupsLeft", []):
                self._members(group, removed=[subject])
        elif "after" in change:
            kept[subject] = change["after"]
        self._members(
            subject,
            [member["id"] for member in change.get("membersAdded", [])],
            [member["id"] for member in change.get("membersRemoved", [])],
        )
        self.seq = change["seq"]

    def _members(self, group: str, added: list[str] = [], removed: list[str] = []) -> None:
        members = self.members.get(group, set()).difference(removed).union(added)
        if members:
            self.members[group] = members
        else:
            self.members.pop(group, None)

    def save(self, path: str) -> None:
        members = {group: sorted(ids) for group, ids in self.members.items()}
        beside = path + ".new"
        with open(beside, "w", encoding="utf-8") as file:
            json.dump({"seq": self.seq, "users": self.users, "groups": self.groups, "members": members}, file)
        # Whoever is killed in the midst of it finds the copy of before.
        os.replace(beside, path)

    @classmethod
    def load(cls, path: str) -> "Mirror | None":
        if not os.path.exists(path):
            return None
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)
        mirror = cls()
        mirror.seq, mirror.users, mirror.groups = kept["seq"], kept["users"], kept["groups"]
        mirror.members = {group: set(ids) for group, ids in kept["members"].items()}
        return mirror

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mirror) and vars(self) == vars(other)


def catch_up(api: Api, mirror: Mirror, wait: int) -> bool:
    """Applies what follows; whether there was something."""
    page = api.changes(mirror.seq, wait)
    for change in page["items"]:
        mirror.apply(change)
    return bool(page["items"])


def prove(api: Api, mirror: Mirror) -> bool:
    """Compares the copy with a fresh snapshot at the snapshot's own change."""
    directory = Mirror.of_snapshot(api.snapshot())
    while mirror.seq < directory.seq:
        for change in api.changes(mirror.seq, 0)["items"]:
            if mirror.seq < directory.seq:
                mirror.apply(change)
    equal = mirror == directory
    word = "equal" if equal else "DIFFERENT"
    print(f"{word} at change {mirror.seq}: {len(mirror.users)} people, {len(mirror.groups)} groups")
    return equal


def check(api: Api, mirror: Mirror) -> bool:
    """Has the copy compared with the directory, and names what differs."""
    while True:
        seq, differences = drift.compare(api.drift, mirror.users, mirror.groups, mirror.members)
        # What comes of changes that are yet to be applied is no fault: the directory went on meanwhile.
        late = any((difference.seq or 0) > mirror.seq for difference in differences)
        while mirror.seq < seq:
            catch_up(api, mirror, wait=0)
        if not late:
            break
    for difference in differences:
        print(f"{difference.kind} {difference.subject}: change {difference.seq or 'no longer kept'}")
    print(f"{len(differences)} differences as of change {mirror.seq}")
    return not differences


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("base", help="such as http://127.0.0.1:8080")
    arguments.add_argument("tenant", help="slug or id")
    arguments.add_argument("--state", default="mirror.json", help="the file the copy is kept in")
    arguments.add_argument("--prove", action="store_true", help="compare with a fresh snapshot and end")
    arguments.add_argument("--check", action="store_true", help="have it compared by a drift check and end")
    asked = arguments.parse_args()
    api = Api(asked.base, asked.tenant, os.environ["DIRECTORY_SYNC_API_KEY"])
    mirror = Mirror.load(asked.state)
    while True:
        try:
            if mirror is None:
                mirror = Mirror.of_snapshot(api.snapshot())
                mirror.save(asked.state)
            if asked.prove:
                return 0 if prove(api, mirror) else 1
            if asked.check:
                equal = check(api, mirror)
                mirror.save(asked.state)
                return 0 if equal else 1
            if catch_up(api, mirror, wait=20):
                mirror.save(asked.state)
        except Gone as gone:
            print(f"beginning anew: {gone}", file=sys.stderr)
            mirror = None
        except OSError as error:
            print(f"trying again: {error}", file=sys.stderr)
            time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
