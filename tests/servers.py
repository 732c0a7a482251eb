"""Debian's own servers, each started in a folder of its own for one test module: dovecot and nginx."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import LONG

PASSWORD = "correct horse"


_held: list[socket.socket] = []  # to the end of the process
_given: set[int] = set()


def free_port() -> int:
    """A port on loopback for a server that cannot pick one itself; nobody else is given it, not even another process.

    It stays bound, without listening: only a server that asks for this very port, with SO_REUSEADDR as all servers do,
    gets it. (Where a bound port cannot be shared like that, anywhere but on Linux, it is at least given out once.)
    """
    probe = socket.socket()
    if sys.platform == "linux":
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        _held.append(probe)
        return int(probe.getsockname()[1])
    with probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    if port in _given:
        return free_port()
    _given.add(port)
    return port


def certificate(folder: Path) -> tuple[Path, Path]:
    """(certificate, key) for localhost, signed by itself."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


@dataclass
class Dovecot:
    """A running one. `deliver` puts a mail into a folder, as a mail server would."""

    home: Path
    port: int
    starttls_port: int
    cert: Path
    count: int = 0

    def folder(self, name: str = "INBOX") -> Path:
        """The Maildir of a folder."""
        return self.home / "mail" if name == "INBOX" else self.home / "mail" / f".{name}"

    def make(self, name: str) -> None:
        """A folder, empty. `name` is as IMAP writes it (modified UTF-7)."""
        for part in ("cur", "new", "tmp"):
            (self.folder(name) / part).mkdir(parents=True, exist_ok=True)
        self._hand_over()

    def deliver(self, raw: bytes, folder: str = "INBOX") -> Path:
        """A new mail in the folder."""
        self.count += 1
        path = self.folder(folder) / "new" / f"{1_700_000_000 + self.count}.M{self.count}P1.test"
        path.write_bytes(raw)
        self._hand_over()
        return path

    def flags(self, folder: str = "INBOX") -> list[str]:
        """The flags of each mail in the folder; "S" is seen. New ones have none."""
        mails = [*(self.folder(folder) / "cur").iterdir(), *(self.folder(folder) / "new").iterdir()]
        return sorted(path.name.partition(":2,")[2] for path in mails)

    def _hand_over(self) -> None:
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in [self.home / "mail", *(self.home / "mail").rglob("*")]:
                os.chown(path, nobody.pw_uid, nobody.pw_gid)


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Started as root or as anybody; ended and wiped afterwards."""
    home = Path(tempfile.mkdtemp(prefix="ww-imap-"))
    home.chmod(0o755)
    (home / "mail").mkdir()
    cert, key = certificate(home)
    server = Dovecot(home=home, port=free_port(), starttls_port=free_port(), cert=cert)
    server.make("INBOX")
    (home / "users").write_text(f"reader@news.example:{{PLAIN}}{PASSWORD}::::::\n")
    config = home / "dovecot.conf"
    config.write_text(_dovecot_config(server, key))
    command = ["dovecot", "-F", "-c", str(config)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    try:
        _wait_for(running, server.port, home / "log")
        yield server
    finally:
        _end(running)
        shutil.rmtree(home, ignore_errors=True)


def _dovecot_config(server: Dovecot, key: Path) -> str:
    me = pwd.getpwuid(os.getuid())
    mail = pwd.getpwnam("nobody") if os.getuid() == 0 else me
    own = ""
    if os.getuid() != 0:
        own = f"default_internal_user = {me.pw_name}\ndefault_login_user = {me.pw_name}\n"
        own += f"default_internal_group = {grp.getgrgid(me.pw_gid).gr_name}\n"
    version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True).stdout
    is_old = version.startswith("2.3.")  # Debian 12 and Ubuntu 24.04 have it; 2.4 spells much of it otherwise
    spelt = _DOVECOT_2_3 if is_old else _DOVECOT_2_4
    return f"""{"" if is_old else "dovecot_config_version = 2.4.0"}
{"" if is_old else "dovecot_storage_version = 2.4.0"}
{own}
base_dir = {server.home}/run
state_dir = {server.home}/state
log_path = {server.home}/log
protocols = imap
listen = 127.0.0.1
ssl = required
auth_mechanisms = plain
auth_failure_delay = 0
first_valid_uid = 1
mail_uid = {mail.pw_uid}
mail_gid = {mail.pw_gid}
{spelt.format(home=server.home, cert=server.cert, key=key, uid=mail.pw_uid, gid=mail.pw_gid)}
namespace inbox {{
  inbox = yes
  separator = .
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.starttls_port}
  }}
  inet_listener imaps {{
    port = {server.port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


_DOVECOT_2_3 = """
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = maildir:{home}/mail
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail
}}
"""
_DOVECOT_2_4 = """
ssl_server_cert_file = {cert}
ssl_server_key_file = {key}
mail_driver = maildir
mail_path = {home}/mail
passdb passwd-file {{
  passwd_file_path = {home}/users
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {home}/mail
  }}
}}
"""


@dataclass
class Nginx:
    """A running one: `base` is its address, `root` the folder that it serves."""

    base: str
    root: Path


@contextmanager
def nginx(locations: str) -> Iterator[Nginx]:
    """With these `location` blocks beside the static files of `root`."""
    home = Path(tempfile.mkdtemp(prefix="ww-nginx-"))
    home.chmod(0o755)
    root, port = home / "root", free_port()
    root.mkdir()
    config = home / "nginx.conf"
    config.write_text(
        f"""
daemon off;
master_process off;
pid {home}/pid;
error_log {home}/log;
events {{ }}
http {{
  types {{ application/rss+xml xml; application/gzip gz; }}
  access_log off;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  gzip on;
  gzip_min_length 1;
  gzip_types application/rss+xml;
  server {{
    listen 127.0.0.1:{port};
    root {root};
    {locations}
  }}
}}
"""
    )
    command = ["nginx", "-p", str(home), "-e", str(home / "log"), "-c", str(config)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    try:
        _wait_for(running, port, home / "log")
        yield Nginx(base=f"http://127.0.0.1:{port}", root=root)
    finally:
        _end(running)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(running: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + LONG
    while running.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    said = running.stderr.read().decode() if running.poll() is not None and running.stderr else "it does not listen"
    raise RuntimeError(f"{running.args} did not start: {said} {log.read_text() if log.exists() else ''}")


def _end(running: "subprocess.Popen[bytes]") -> None:
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGTERM)
        try:
            running.wait(LONG)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    if running.stderr:
        running.stderr.close()
