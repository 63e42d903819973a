"""Settings, from the environment (`NGUON_…`) or the command line; docs/operations.md lists them."""

import secrets
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, FilePath, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from traceability.events.policy import Policy, Unknown
from traceability.events.vault import Vault
from traceability.invoices.outside.http import is_acceptable
from traceability.transparency.keys import LogKeys, log_keys
from traceability.transparency.note import PublicKey


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
    scanner_memory_mb: int = Field(default=1024, ge=512, le=16384)
    """Address space of one worker; its pictures take less than 300 MB of it."""
    scanner_queue: int | None = Field(default=None, ge=0, le=1000)
    """Pictures that may wait for a worker, four for each where not given; more are told 503."""
    background_worker: bool = True
    """Do queued work inside `serve`; off when `nguon worker` runs beside it."""
    max_body_bytes: int = Field(default=25_000_000, ge=1_000_000)
    trust_folder: Path | None = None
    """PEM files of the authorities that `nguon trust` lists, checks and loads."""
    invoice_registry_url: str | None = None
    """An outside invoice registry that the authorities may ask; none without."""
    invoice_registry_token: SecretStr | None = None
    """Sent to it as a bearer token."""
    invoice_registry_ca_file: FilePath | None = None
    """PEM certificates to trust for it, instead of the public ones."""
    invoice_registry_deadline_s: float = Field(default=2.0, gt=0, le=10)
    """Longest that a verdict or a page waits for it, whatever the number of invoices."""
    invoice_registry_connect_s: float = Field(default=0.5, gt=0, le=10)
    invoice_registry_read_s: float = Field(default=1.0, gt=0, le=10)
    invoice_registry_failures: int = Field(default=5, ge=1, le=100)
    """Failures in a row after which it is left alone for a while."""
    invoice_registry_rest_s: float = Field(default=30.0, gt=0, le=3600)
    invoice_registry_fresh_hours: int = Field(default=24, ge=0, le=720)
    """Hours for which an answer is not asked for again."""
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
    log_witnesses: Annotated[tuple[str, ...], NoDecode] = ()
    """Public keys of those who watch the transparency log, comma-separated."""
    metrics_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = tuple(
        ip_network(private)
        for private in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                        "::1/128", "fc00::/7")
    )  # fmt: skip
    """Who may read /metrics, comma-separated; this machine and private networks by default."""

    @field_validator("invoice_registry_url")
    @classmethod
    def _safe_registry(cls, value: str | None) -> str | None:
        if value is not None and not is_acceptable(value):
            raise ValueError("https, or http to this machine; no user, query or fragment")
        return value

    @field_validator("official_hosts", "log_witnesses", "metrics_networks", mode="before")
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

    @cached_property
    def vault(self) -> Vault:
        """Seals the tokens of webhooks under the installation's secret."""
        return Vault(self.secret)

    @cached_property
    def log_keys(self) -> LogKeys:
        """The keys of the transparency log; the first is made at the first start."""
        return log_keys(self.data / "log-keys", f"{urlsplit(self.public_url).netloc}/log")

    @cached_property
    def witnesses(self) -> tuple[PublicKey, ...]:
        return tuple(PublicKey.parse(text) for text in self.log_witnesses)

    @property
    def capture_policy(self) -> Policy:
        return Policy(self.unknown_parties, self.unknown_products)

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")
