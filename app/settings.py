"""Settings, from the environment (`NGUON_…`) or the command line; docs/operations.md lists them."""

import secrets
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from traceability.events.policy import Policy, Unknown


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="NGUON_", frozen=True, extra="ignore")

    data: Path = Path("var")
    """Folder of the embedded database and of the secret."""
    database_url: str | None = None
    """An SQLAlchemy address; without it, SQLite in the data folder."""
    public_url: str = "http://127.0.0.1:8000"
    """What stands before the path in printed Digital Links."""
    official_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Further hosts whose links are ours, comma-separated; the public address is always one."""
    scanner_workers: int = Field(default=1, ge=1, le=64)
    scanner_deadline_s: float = Field(default=1.5, gt=0, le=30)
    background_worker: bool = True
    """Do queued work inside `serve`; off when `nguon worker` runs beside it."""
    max_body_bytes: int = Field(default=25_000_000, ge=1_000_000)
    max_capture_bytes: int = Field(default=150_000_000, ge=1_000_000)
    """The largest document of events; big ones are stored in pieces and done in the background."""
    unknown_parties: Unknown = Unknown.WARN
    """Whether events may name a GLN that no registered party has: warn or refuse."""
    unknown_products: Unknown = Unknown.WARN
    """The same for GTINs that no registered product has."""
    trust_proxy: bool = False
    """Take the client's address from X-Forwarded-For: only behind a proxy that sets it."""
    session_hours: int = Field(default=12, ge=1, le=720)
    public_requests_a_minute: int = Field(default=120, ge=1)
    """Look-ups of one address without a key; scans of pictures count ten."""
    log_in_attempts: int = Field(default=5, ge=1)
    """Failed log-ins of one address in 15 minutes before it must wait; of one account, from
    wherever they come, twenty times as many."""
    metrics_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = tuple(
        ip_network(private)
        for private in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                        "::1/128", "fc00::/7")
    )  # fmt: skip
    """Who may read /metrics, comma-separated; this machine and private networks by default."""

    @field_validator("official_hosts", "metrics_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """The environment gives one text, which no constructor argument ever sees."""
        if isinstance(value, str):
            return tuple(host.strip() for host in value.split(",") if host.strip())
        return value

    def shows_metrics_to(self, address: str) -> bool:
        try:
            asking = ip_address(address)
        except ValueError:
            return False
        return any(asking in network for network in self.metrics_networks)

    @cached_property
    def database_address(self) -> str:
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.data / 'nguon.db').resolve()}"

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Hosts whose Digital Links are official."""
        own = urlsplit(self.public_url).hostname or ""
        return frozenset({own, *self.official_hosts, "id.gs1.org"})

    @cached_property
    def secret(self) -> bytes:
        """Keys the hashes of devices and the CSRF tokens; made once, readable by the owner only."""
        path = self.data / "secret"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f"secret.{secrets.token_hex(4)}")
            temporary.touch(mode=0o600)
            temporary.write_text(secrets.token_hex(32))
            try:
                # A hard link fails where another process was first: its secret is then used.
                path.hardlink_to(temporary)
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        return bytes.fromhex(path.read_text())

    @property
    def capture_policy(self) -> Policy:
        return Policy(self.unknown_parties, self.unknown_products)

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")
