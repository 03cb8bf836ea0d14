"""Ports on loopback: fixed ones for people, free ones for tests."""

import socket
from dataclasses import dataclass

OFFICE_ADDRESS = "127.0.0.1"
CITY_ADDRESS = "127.0.0.9"
# The first number to try and how far to look beyond it.
OFFICE_SIP, OFFICE_WS, OFFICE_AMI = 5060, 8088, 5038
CITY_SIP, CITY_AMI = 5060, 5039
AGI = 4573
REACH = 200


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything in one lab listens; `notes` says which port had to move, and why."""

    sip: int
    ws: int
    ami: int
    agi: int
    city_sip: int
    city_ami: int
    notes: tuple[str, ...] = ()


def usual_ports() -> Ports:
    """The well-known ports, each moved up past whatever listens there already."""
    notes: list[str] = []
    taken: set[int] = set()

    def pick(what: str, wanted: int, kind: socket.SocketKind, address: str) -> int:
        for port in range(wanted, wanted + REACH):
            if port not in taken and _is_free(port, kind, address):
                if port != wanted:
                    notes.append(f"{what}: port {wanted} is in use here, so it is {port}")
                taken.add(port)
                return port
        raise OSError(f"{what}: no free port from {wanted} to {wanted + REACH - 1}")

    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    return Ports(
        sip=pick("SIP", OFFICE_SIP, udp, OFFICE_ADDRESS),
        ws=pick("WebSocket", OFFICE_WS, tcp, OFFICE_ADDRESS),
        ami=pick("AMI", OFFICE_AMI, tcp, OFFICE_ADDRESS),
        agi=pick("FastAGI", AGI, tcp, OFFICE_ADDRESS),
        city_sip=_first_free(CITY_SIP, udp, CITY_ADDRESS),
        city_ami=pick("AMI of the outside", CITY_AMI, tcp, OFFICE_ADDRESS),
        notes=tuple(notes),
    )


def free_ports() -> Ports:
    """Ports that nobody used a moment ago, for tests that run beside each other."""
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    kinds = [
        (udp, OFFICE_ADDRESS),
        (tcp, OFFICE_ADDRESS),
        (tcp, OFFICE_ADDRESS),
        (tcp, OFFICE_ADDRESS),
        (udp, CITY_ADDRESS),
        (tcp, OFFICE_ADDRESS),
    ]
    # all held open together, so that no two of them are the same
    held = [_bound(kind, address, 0) for kind, address in kinds]
    numbers = [int(s.getsockname()[1]) for s in held]
    for s in held:
        s.close()
    sip, ws, ami, agi, city_sip, city_ami = numbers
    return Ports(sip, ws, ami, agi, city_sip, city_ami)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM, address: str = OFFICE_ADDRESS) -> int:
    """One port that nobody used a moment ago."""
    with _bound(kind, address, 0) as held:
        return int(held.getsockname()[1])


def _bound(kind: socket.SocketKind, address: str, port: int) -> socket.socket:
    s = socket.socket(socket.AF_INET, kind)
    # a well-known port in TIME_WAIT is free for Asterisk; a random one must be free for baresip
    # too, which does not set this option
    if port and kind is socket.SOCK_STREAM:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        s.bind((address, port))
    except OSError:
        s.close()
        raise
    return s


def _is_free(port: int, kind: socket.SocketKind, address: str) -> bool:
    try:
        _bound(kind, address, port).close()
    except OSError:
        return False
    return True


def _first_free(wanted: int, kind: socket.SocketKind, address: str) -> int:
    return next(p for p in range(wanted, wanted + REACH) if _is_free(p, kind, address))
