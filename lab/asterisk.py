"""One running Asterisk: its own configuration, database and logs inside the lab's tree."""

import asyncio
import contextlib
import shutil
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lab.ami import Ami
from lab.errors import LabError

HERE = Path(__file__).parent
DIALPLAN = HERE.parent / "dialplan"
START_SECONDS = 45.0  # 1 s on a machine that does nothing else
STOP_SECONDS = 5.0
# Asterisk's own names of the folders; each instance has all of them for itself.
FOLDERS = (
    "etc",
    "db",
    "run",
    "log",
    "log/cel-custom",
    "db/keys",
    "spool",
    "spool/outgoing",
    "spool/heard",
    "spool/pbxd",
    "sounds",
)


class Instance:
    """An Asterisk with its own folders. All of it is bound to loopback and dies with its parent.

    `folder` is where the machine sees what Asterisk itself calls `inside`: the same files.
    Configuration comes from lab/config/common, lab/config/`role` and, for the office, dialplan/.
    """

    def __init__(
        self,
        name: str,
        root: Path,
        role: str,
        settings: Mapping[str, object],
        ami: tuple[str, int, str, str],
    ) -> None:
        self.name = name
        self.root = root
        self.role = role
        self.inside = f"/instances/{name}"
        self.folder = root / "instances" / name
        self.ami_host, self.ami_port, self.ami_user, self.ami_secret = ami
        self._settings = dict(settings)
        self._process: Process | None = None

    @property
    def log(self) -> Path:
        """Asterisk's own log."""
        return self.folder / "log" / "full"

    @property
    def cel_file(self) -> Path:
        """The channel event log that pbxd reads back after it was down."""
        return self.folder / "log" / "cel-custom" / "pbxd.csv"

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        """Whether the process is there (it may still be starting)."""
        return self._process is not None and self._process.returncode is None

    def write_config(self) -> None:
        """Render the configuration again; takes effect at the next start or reload."""
        for folder in FOLDERS:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        (self.folder / "etc").chmod(0o700)  # it holds the phones' secrets
        # Debian's own files below ours, as on a PBX that somebody really installed
        for stock in (self.root / "etc" / "asterisk").glob("*.conf"):
            if stock.name != "users.conf":  # deprecated: only warns
                shutil.copyfile(stock, self.folder / "etc" / stock.name)
        context = {**self._settings, "inside": self.inside}
        for source in (HERE / "config" / "common", HERE / "config" / self.role):
            _render_folder(source, self.folder / "etc", context)
        if self.role == "office":
            _render_folder(DIALPLAN, self.folder / "etc" / "pbxd", context)

    async def start(self) -> None:
        """Start it and return when it takes calls (FullyBooted seen on its AMI)."""
        if self.running:
            return
        self.write_config()
        self._process = await asyncio.create_subprocess_exec(
            "setpriv",
            "--pdeathsig=KILL",  # no Asterisk outlives who started it, however that one ended
            "chroot",
            str(self.root),
            "asterisk",
            "-f",
            "-C",
            f"{self.inside}/etc/asterisk.conf",
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,  # Ctrl-C is for the parent, which stops us in order
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                (await self._booted()).close()
        except TimeoutError:
            await self.kill()
            raise LabError(
                f"Asterisk {self.name} was not ready in {START_SECONDS:.0f} s; see {self.log}"
            ) from None

    async def stop(self) -> None:
        """End it as a shutdown would: calls are hung up, logs are closed."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it as a power cut would (-9): nothing is hung up, nothing is flushed."""
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def restart(self) -> None:
        """Stop in order, then start; database and logs stay."""
        await self.stop()
        await self.start()

    def remove(self) -> None:
        """Throw its folder away; it must not be running."""
        if self.running:
            raise LabError(f"Asterisk {self.name} still runs")
        shutil.rmtree(self.folder, ignore_errors=True)

    async def cli(self, command: str) -> str:
        """What the Asterisk console answers to `command`."""
        process = await asyncio.create_subprocess_exec(
            "chroot",
            str(self.root),
            "asterisk",
            "-C",
            f"{self.inside}/etc/asterisk.conf",
            "-rx",
            command,
            stdin=DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(30):
            said, _ = await process.communicate()
        if process.returncode != 0:
            raise LabError(f"{self.name}: {command}: {said.decode(errors='replace').strip()}")
        return said.decode("utf-8", "replace")

    async def ami(self) -> Ami:
        """A new AMI link, logged in as the lab; the caller closes it."""
        return await Ami.connect(self.ami_host, self.ami_port, self.ami_user, self.ami_secret)

    async def channels(self) -> list[str]:
        """Names of the channels that exist now."""
        said = await self.cli("core show channels concise")
        return [line.split("!", 1)[0] for line in said.splitlines() if "!" in line]

    async def _booted(self) -> Ami:
        while True:
            if not self.running:
                raise LabError(f"Asterisk {self.name} ended while starting; see {self.log}")
            try:
                link = await self.ami()
            except OSError:
                # nothing announces that a port is open: ask again, START_SECONDS is the deadline
                await asyncio.sleep(0.05)
                continue
            await link.fully_booted.wait()
            return link


def _render_folder(source: Path, target: Path, context: Mapping[str, object]) -> None:
    """Copy *.conf as they are, and render *.conf.j2 with `context`."""
    target.mkdir(parents=True, exist_ok=True)
    templates = Environment(
        loader=FileSystemLoader(source),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - these are Asterisk's files, not pages
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for file in sorted(source.iterdir()):
        if file.name.endswith(".conf.j2"):
            text = templates.get_template(file.name).render(context)
            (target / file.name.removesuffix(".j2")).write_text(text, encoding="utf-8")
        elif file.suffix == ".conf":
            shutil.copyfile(file, target / file.name)
