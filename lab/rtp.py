"""G.711 A-law over RTP: says a tone, records what comes back."""

import array
import asyncio
import bisect
import contextlib
import math
import secrets
import socket
import struct
import wave
from pathlib import Path

from lab.sound import LEVEL, RATE

PACKET_SAMPLES = 160  # 20 ms
PCMA = 8


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
    """One call's audio: packets out every 20 ms, packets in written to `heard` at the end."""

    def __init__(self, hz: int, heard: Path, address: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((address, 0))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._listen)
        self._heard_file = heard
        self._samples = array.array("h")
        # one second is a whole number of periods
        self._second = bytes(
            _encoded(round(LEVEL * math.sin(2 * math.pi * hz * i / RATE))) for i in range(RATE)
        )
        self._target: tuple[str, int] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._sequence = 0
        self._source = secrets.randbits(32)
        self._next = 0.0

    @property
    def port(self) -> int:
        """Where this side wants its audio."""
        return int(self._socket.getsockname()[1])

    def start(self, target: tuple[str, int]) -> None:
        """Begin to speak."""
        self._target = target
        self._next = self._loop.time()
        self._speak()

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
        if len(data) > 12 and data[1] & 0x7F == PCMA:
            self._samples.extend(TABLE[byte] for byte in data[12:])

    def _speak(self) -> None:
        at = self._sequence * PACKET_SAMPLES
        head = struct.pack("!BBHII", 0x80, PCMA, self._sequence & 0xFFFF, at, self._source)
        begin = at % RATE
        if self._target is not None:
            with contextlib.suppress(OSError):  # the other side has gone: its BYE is on the way
                self._socket.sendto(
                    head + self._second[begin : begin + PACKET_SAMPLES], self._target
                )
        self._sequence += 1
        self._next += PACKET_SAMPLES / RATE
        self._timer = self._loop.call_at(self._next, self._speak)
