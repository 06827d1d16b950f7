"""The one settings object: read once from the environment, then passed down."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Settings(BaseSettings):
    """Everything an operator may change; each field is the variable ``LIANFANG_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="LIANFANG_", frozen=True, extra="ignore")

    database: str = Field(
        default="data/lianfang.sqlite",
        description="File that holds everything, made where there is none; or postgresql+psycopg2://USER@HOST/DATABASE.",
    )
    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=8050, ge=1, le=65535, description="Port the server listens on.")
    sign_in: Literal["off", "on", "elsewhere"] = Field(
        default="off",
        description="on: people sign in; off: nobody does, on this machine alone; elsewhere: a proxy in front sees to it.",
    )
    session_idle_h: float = Field(
        default=8.0, gt=0, description="Hours without a touch of the page after which somebody has to sign in again."
    )
    session_days: float = Field(
        default=7.0, gt=0, description="Days after which somebody has to sign in again in any case."
    )
    sign_in_tries: int = Field(
        default=5, ge=1, description="Wrong passwords for one name after which the wait begins to grow."
    )
    sign_in_window_min: float = Field(
        default=15.0, gt=0, description="Minutes for which a wrong password counts, and the longest wait."
    )
    oidc_issuer: str = Field(
        default="off",
        description="Address of an OpenID provider through which people may sign in, such as https://id.example.",
    )
    oidc_client_id: str = Field(default="lianfang", description="What the provider calls this dashboard.")
    oidc_client_secret: str = Field(
        default="none", repr=False, description="What the dashboard shows the provider; none: it needs nothing."
    )
    oidc_claim: str = Field(
        default="sub",
        description="Claim that says who somebody is; sub: by their subject here, any other: by what they sign in with.",
    )
    secret: str = Field(
        default="file",
        repr=False,
        description="What sessions are signed with; file: made by chance, kept beside the database.",
    )
    hosts: str = Field(
        default="default",
        description="Names people call the server by, apart by commas; default: this machine's own where it listens to itself alone, otherwise any.",
    )
    proxies: int = Field(
        default=0, ge=0, le=9, description="Proxies in front, whose word on who asks and over TLS is believed; 0: none."
    )
    tls: Literal["off", "on"] = Field(
        default="off", description="on: people reach it over TLS only, by a proxy; browsers are told to stay with that."
    )
    workers: int = Field(default=2, ge=1, description="Server processes of `make serve`; each has 8 threads.")
    language: Literal["zh", "en"] = Field(default="zh", description="Language of a page whose address names none.")
    timezone: str = Field(
        default="Asia/Shanghai", description="Time zone of clocks on screen and of times without one in files."
    )
    refresh_s: int = Field(default=5, ge=1, description="Seconds between two looks of a page for new data.")
    stale_after_s: int = Field(default=120, ge=1, description="Age from which a wall says that its data is old.")
    cluster_radius_m: float = Field(
        default=1500.0, gt=0, description="Quick cluster look: largest distance between neighbours, in metres."
    )
    cluster_days: float = Field(
        default=14.0, gt=0, description="Quick cluster look: largest time between neighbours, in days."
    )
    cluster_min_incidents: int = Field(default=6, ge=2, description="Quick cluster look: neighbours that make a core.")
    cluster_min_each_side: int = Field(
        default=2, ge=1, description="Incidents on each side from which a cluster straddles."
    )
    test_radius_m: float = Field(default=3000.0, gt=0, description="Test for chance: largest radius, in metres.")
    test_days: int = Field(default=30, ge=1, description="Test for chance: longest time, in days.")
    test_replications: int = Field(default=999, ge=99, description="Test for chance: replications; more: finer p.")
    significance: float = Field(
        default=0.05, gt=0, lt=1, description="Largest q (p adjusted for all zones tested) that is more than chance."
    )
    celery: str = Field(
        default="off", description="Broker of Celery, such as redis://host; off: tests run on the server's machine."
    )
    dask: str = Field(
        default="off", description="Address of a Dask scheduler that shares out replications; off: this machine."
    )
    reach_min: float = Field(default=30.0, gt=0, description="Minutes of the commuting circle.")
    reach_kmh: float = Field(
        default=40.0, gt=0, description="Speed over the straight line; wrong by about half either way."
    )
    road_speed: float = Field(
        default=1.0, gt=0, description="Factor on every speed of the roads that were loaded; 0.8: a quarter longer."
    )
    valhalla: str = Field(
        default="off", description="An .osm.pbf file whose travel times Valhalla tells, where pyvalhalla is installed."
    )
    visit_warn_day: int = Field(
        default=2, ge=2, description="Which visit of a firm on one day, by whatever agency, is warned of."
    )
    visit_most_day: int = Field(default=2, ge=1, description="Most visits of a firm on one day; more are refused.")
    visit_most_week: int = Field(default=2, ge=1, description="Most visits of a firm in one week, from Monday.")
    visit_most_month: int = Field(default=3, ge=1, description="Most visits of a firm in one month.")
    checklists: str = Field(
        default="default", description="TOML file of checklists in the place of those built in; default: none."
    )

    @property
    def own_checklists(self) -> Path | None:
        """The operator's file of checklists; None without one."""
        return None if self.checklists == "default" else Path(self.checklists).expanduser()

    @property
    def exposed(self) -> str | None:
        """Why the server may not be started: everybody on the network could do everything; None when it may."""
        if self.sign_in != "off" or self.host in _LOOPBACK:
            return None
        return (
            f"Nobody signs in (LIANFANG_SIGN_IN=off), so the server listens on 127.0.0.1 only, not on {self.host}. Set "
            "LIANFANG_SIGN_IN=on, or LIANFANG_SIGN_IN=elsewhere where a proxy in front lets only the right people in."
        )

    @property
    def secret_file(self) -> Path:
        """Where the secret is that sessions are signed with, unless it is set: beside the database, if that is a file."""
        return self.work_folder.with_name(self.work_folder.name.removesuffix("-work") + "-secret")

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database if "://" in self.database else f"sqlite:///{Path(self.database).expanduser().resolve()}"

    @property
    def work_folder(self) -> Path:
        """Where progress and results of work in the background wait for a page: beside the database, if that is a file."""
        scheme, _, place = self.database_url.partition("://")
        if not scheme.startswith("sqlite"):
            name = place.partition("?")[0].rpartition("/")[2]
            return Path("data").resolve() / f"{name}-work"
        file = Path(place.removeprefix("/"))
        return file.with_name(f"{file.name}-work")
