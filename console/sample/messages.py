"""What a caller of the sample office said outside opening hours: in the machine's voice where it
has one, else a hum in the rhythm of speech."""

from __future__ import annotations

import asyncio
import io
import tempfile
import wave
from datetime import datetime
from pathlib import Path

import numpy as np

from pbxd.announcements.sound import speak
from pbxd.app import Daemon
from pbxd.calls.model import Direction
from pbxd.errors import InvalidInput
from pbxd.recordings import queries, rules, sealed, sound
from pbxd.recordings.model import Kind, Recording
from pbxd.store.metadata import new_id

SAID = (
    "안녕하세요. 지난주에 설치한 정수기에서 물이 조금씩 새는 것 같아서 전화드렸습니다. "
    "내일 오전 중에 연락 부탁드립니다. 감사합니다."
)
SYLLABLES, SYLLABLE_S = 40, 0.18


async def leave_message(daemon: Daemon, number: str, customer_id: str, at: datetime) -> str:
    """Kept as pbxd keeps what Asterisk recorded; the name by which a wish calls it."""
    settings = daemon.settings.store
    key = sealed.read_key(settings.recordings_key)
    id, channel = new_id(), f"{int(at.timestamp())}.1"
    name = f"{channel}.wav"
    file = f"{rules.folder(at)}/{id}.opus{sealed.ENDING if key else ''}"
    made = await asyncio.to_thread(_keep, settings.directory / "recordings" / file, key)
    recording = Recording(
        id=id,
        call_id="",
        channel=channel,
        started_at=at,
        seconds=made.seconds,
        file=file,
        size=made.size,
        sha256=made.sha256,
        direction=Direction.IN,
        number=number,
        customer_id=customer_id,
        agent_id="",
        extension="",
        left_db=made.left_db,
        right_db=made.right_db,
        faults=(),
        pauses=(),
        on_hold=False,
        deleted_at=None,
        kind=Kind.MESSAGE,
    )
    async with daemon.store.writing() as conn:
        await queries.add(conn, name, recording, made.peaks)
    return name


def _keep(out: Path, key: bytes | None) -> sound.Made:
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.wav"
        try:
            said.write_bytes(speak(SAID, "ko").narrow)
        except InvalidInput:
            said.write_bytes(_hum())
        return sound.convert(said, out, 0, key)


def _hum() -> bytes:
    moments = np.arange(round(SYLLABLE_S * sound.RATE)) / sound.RATE
    swell = np.sin(np.pi * moments / SYLLABLE_S)
    parts = []
    for place in range(SYLLABLES):
        pitch = 120 + 25 * np.sin(place)  # the melody of a voice
        tones = sum(np.sin(2 * np.pi * pitch * n * moments) / n for n in range(1, 9))
        parts.append(tones * swell * (place % 9 > 0))  # a breath between phrases
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.RATE)
        file.writeframes((np.concatenate(parts) * 6000).astype("<i2").tobytes())
    return out.getvalue()
