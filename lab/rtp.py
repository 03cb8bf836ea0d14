"""G.711 A-law over RTP: says a tone, records what comes back; keys as events (RFC 4733)."""

import array
import asyncio
import bisect
import contextlib
import itertools
import math
import secrets
import socket
import struct
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

from lab.sound import LEVEL, RATE

PACKET_SAMPLES = 160  # 20 ms
PCMA = 8
EVENT = 101  # the payload type that Asterisk and we both offer for telephone-event
KEYS = "0123456789*#ABCD"
KEY_PACKETS, KEY_ENDS, KEY_GAP = 5, 3, 3  # a key of 100 ms, its end said thrice, 60 ms between two


def _decoded(byte: int) -> int:
    """One A-law byte as a 16-bit sample (ITU-T G.711)."""
    byte ^= 0x55
    segment, step = (byte >> 4) & 7, byte & 15
    size = (step << 4) + 8 if segment == 0 else ((step << 4) + 0x108) << (segment - 1)
    return size if byte & 0x80 else -size


TABLE = [_decoded(byte) for byte in range(256)]
_SORTED = sorted((sample, byte) for byte, sample in enumerate(TABLE))


def _encoded(sample: int) -> int:
    at = min(bisect.bisect_left(_SORTED, (sample, 0)), 255)
    return _SORTED[at][1]


class Audio:
    """One call's audio: packets out every 20 ms, packets in written to `heard` at the end.

    `pressed` is told each key that the other side presses.
    """

    def __init__(self, hz: int, heard: Path, address: str, pressed: Callable[[str], None]) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((address, 0))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._listen)
        self._heard_file = heard
        self._pressed = pressed
        self._samples = array.array("h")
        # one second is a whole number of periods
        self._second = bytes(
            _encoded(round(LEVEL * math.sin(2 * math.pi * hz * i / RATE))) for i in range(RATE)
        )
        self._target: tuple[str, int] | None = None
        self._silent = False
        self._timer: asyncio.TimerHandle | None = None
        self._sequence = 0
        self._source = secrets.randbits(32)
        self._next = 0.0
        self._keys: Iterator[bytes] = iter(())  # packets of the keys that are being pressed
        self._last_key = -1  # the time stamp of the last key that came in

    @property
    def file(self) -> Path:
        """Where what was heard is written."""
        return self._heard_file

    @property
    def port(self) -> int:
        """Where this side wants its audio."""
        return int(self._socket.getsockname()[1])

    def start(self, target: tuple[str, int]) -> None:
        """Begin to speak; when it speaks already, to `target` from now on."""
        self._target = target
        if self._timer is None:
            self._next = self._loop.time()
            self._speak()

    def silence(self, on: bool) -> None:
        """Say nothing until it is taken back; listen on."""
        self._silent = on

    def press(self, keys: str) -> None:
        """Press keys one after the other, instead of the tone."""
        self._keys = itertools.chain(self._keys, *(self._key(KEYS.index(key)) for key in keys))

    def stop(self) -> None:
        """Fall silent and write down what was heard."""
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._socket)
        self._socket.close()
        self.write()

    def write(self) -> None:
        """Write what was heard so far."""
        with wave.open(str(self._heard_file), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(self._samples.tobytes())

    def _listen(self) -> None:
        data = self._socket.recv(2048)
        if len(data) <= 12:
            return
        kind, at = data[1] & 0x7F, int.from_bytes(data[4:8])
        if kind == PCMA:
            self._samples.extend(TABLE[byte] for byte in data[12:])
        elif kind == EVENT and at != self._last_key and data[12] < len(KEYS):
            self._last_key = at  # all packets of one key bear the time of its beginning
            self._pressed(KEYS[data[12]])

    def _speak(self) -> None:
        packet = next(self._keys, b"") or self._tone()
        if self._target is not None and not self._silent:
            with contextlib.suppress(OSError):  # the other side has gone: its BYE is on the way
                self._socket.sendto(packet, self._target)
        self._sequence += 1
        self._next += PACKET_SAMPLES / RATE
        self._timer = self._loop.call_at(self._next, self._speak)

    def _tone(self) -> bytes:
        at = self._sequence * PACKET_SAMPLES
        return self._head(PCMA, at) + self._second[at % RATE :][:PACKET_SAMPLES]

    def _key(self, code: int) -> Iterator[bytes]:
        """One packet each 20 ms; an empty one stands for the tone between two keys."""
        begin = self._sequence * PACKET_SAMPLES
        for packet in range(1, KEY_PACKETS + KEY_ENDS + 1):
            first = 0x80 if packet == 1 else 0
            volume = 10 | (0x80 if packet > KEY_PACKETS else 0)
            lasted = min(packet, KEY_PACKETS) * PACKET_SAMPLES
            yield self._head(EVENT | first, begin) + struct.pack("!BBH", code, volume, lasted)
        yield from [b""] * KEY_GAP

    def _head(self, kind: int, at: int) -> bytes:
        return struct.pack("!BBHII", 0x80, kind, self._sequence & 0xFFFF, at, self._source)
