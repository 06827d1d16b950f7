"""Verbs that say which screens show a wall without anybody signing in there."""

from typing import Any

import click

from casework.people import Device
from pages.commands import command
from verbs.options import json_option, plain_errors, say
from verbs.people import accounts, region_option


@click.group()
def devices() -> None:
    """Say which screens show a wall without anybody signing in there."""


@devices.command("add")
@click.argument("name")
@region_option
@json_option
def add_device(name: str, regions: tuple[str, ...], *, as_json: bool) -> None:
    """Add a screen; its address is printed this once."""
    with plain_errors(), accounts() as desk:
        device, token = desk.add_device(name, regions)
    address = f"/wall?token={token}"
    words = (
        f"{_words(device)}\nOpen this address of the dashboard on the screen, once; it is not shown again:\n{address}"
    )
    say({**_as_dict(device), "token": token, "address": address}, words, as_json=as_json)


@devices.command("list")
@json_option
def list_devices(*, as_json: bool) -> None:
    """Show all screens, revoked ones too."""
    with plain_errors(), accounts() as desk:
        found = desk.devices()
    words = [_words(device) for device in found] or [f"There are no screens yet: {command('devices add --help')}"]
    say({"devices": [_as_dict(device) for device in found]}, "\n".join(words), as_json=as_json)


@devices.command("revoke")
@click.argument("device_id", metavar="ID")
@json_option
def revoke_device(device_id: str, *, as_json: bool) -> None:
    """Let a screen show nothing any more."""
    with plain_errors(), accounts() as desk:
        device = desk.revoke(device_id)
    say(_as_dict(device), _words(device), as_json=as_json)


def _as_dict(device: Device) -> dict[str, Any]:
    revoked_at = None if device.revoked_at is None else device.revoked_at.isoformat()
    return {
        "id": device.id, "name": device.name, "regions": list(device.regions), "made_at": device.made_at.isoformat(),
        "made_by": device.made_by, "revoked_at": revoked_at,
    }  # fmt: skip


def _words(device: Device) -> str:
    revoked = "" if device.revoked_at is None else ", revoked"
    return f"{device.id}  {device.name}, of {', '.join(device.regions)}{revoked}"
