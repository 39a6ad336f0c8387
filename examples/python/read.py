#!/usr/bin/env python3
"""Reads a tenant's people and changes with a client that `openapi-python-client` makes of the OpenAPI document.

    DIRECTORY_SYNC_API_KEY=… PYTHONPATH=… read.py BASE TENANT

`tools/clients` makes the client; PYTHONPATH is the folder that holds it.
"""
import os
import sys

from directory_sync_client import AuthenticatedClient
from directory_sync_client.api.activity import list_changes
from directory_sync_client.api.directory import get_snapshot, list_users
from directory_sync_client.api.tenants import get_tenant
from directory_sync_client.types import UNSET


def main() -> int:
    base, tenant = sys.argv[1:]
    client = AuthenticatedClient(
        base_url=f"{base}/api/v1", token=os.environ["DIRECTORY_SYNC_API_KEY"], raise_on_unexpected_status=True
    )
    people, after = 0, UNSET
    while True:
        page = list_users.sync(tenant, client=client, after=after, limit=5)
        people += len(page.items)
        after = page.next_
        if not after:
            break
    changes, through = 0, 0
    while True:
        page = list_changes.sync(tenant, client=client, after=through, limit=5)
        changes += len(page.items)
        through = page.through
        if not page.next_:
            break
    snapshot = get_snapshot.sync(tenant, client=client)
    # What is refused says so by its status; what the document calls a problem is what it says.
    refused = get_tenant.sync_detailed("nobody", client=client)
    assert refused.parsed.code == "not_found", refused
    assert snapshot.count('"kind":"user"') == people, snapshot[:200]
    print(f"{people} people, {changes} changes, {int(refused.status_code)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
