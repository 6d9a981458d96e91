"""Settings that know where each value came from: default < poshta.toml < environment < command line.

A nested name in the environment uses two underscores: POSHTA_SCAN__MAX_PIXELS. `poshta config show` prints values with their origins.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from records.errors import Complaint, SettingsInvalid
from records.files import explained
from records.language import N_, _
from records.validation import reason_of

FILE_NAME = "poshta.toml"
PREFIX = "POSHTA_"
NOT_SETTINGS = {"HOME", "TODAY", "PYTHON", "DEBUG", "PASSPHRASE"}  # POSHTA_HOME and so on: read elsewhere


class Section(BaseModel):
    """A table of poshta.toml: unknown names are refused, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PacketSettings(Section):
    """How packets are printed and dated."""

    return_days: int = Field(14, ge=1, le=366, description="days after the delivery until a page counts as missing")
    grams_per_sheet: float = Field(5.0, gt=0, description="an A4 sheet of 80 g/m2")
    grams_per_envelope: float = Field(20.0, ge=0, description="return envelope and wrapper of one packet")
    letter_grams: int = Field(2_000, gt=0, description="the heaviest letter that the post takes (unverified: ask your office)")
    banderole_grams: int = Field(2_000, gt=0, description="the heaviest banderole (unverified)")
    parcel_grams: int = Field(20_000, gt=0, description="the heaviest parcel, so the heaviest bundle of a village (unverified)")
    hotline: str = "1450"
    sender: str = Field("", description="return address of the desk, printed on labels")


class RouteSettings(Section):
    """How vehicles are planned; see docs/routes.md for the meaning of each figure."""

    metres_factor: float = Field(1.3, ge=1, description="road metres per metre of great circle, where no matrix is given")
    seconds_factor: float = Field(1.4, ge=1, description="the same for driving time: higher, since a promise must hold")
    speed_kmh: float = Field(60.0, gt=0, description="speed on the road for the estimate")
    too_far_metres: int = Field(400_000, gt=0, description="great-circle metres beyond which the estimate sees no road")
    service_minutes: int = Field(10, ge=0, description="minutes at each stop")
    vehicle_day_minutes: int = Field(600, gt=0, description="a vehicle's day where its row gives none")
    depart: str = Field("08:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    iterations: int = Field(1000, ge=1, description="PyVRP iterations for each model; never a time limit")
    seed: int = Field(1, ge=0)
    return_share: float = Field(1.0, ge=0, description="expected grams back for each gram out")
    tariffs: str = Field("", description="a table of prices, below the home (docs/tracking.md); empty: none of the desk's own")
    break_after_minutes: int = Field(240, ge=1, description="minutes of work after which a driver rests, where break_minutes is not 0")
    break_minutes: int = Field(0, ge=0, le=600, description="how long he rests; 0: no break is planned")
    on_schedule: bool = Field(False, description="plan keeps the post's existing routes that work, and plans only the rest")
    calling_minutes: int = Field(5, ge=0, description="an existing route's call at a place without packets of ours")
    free_share: float = Field(0.5, gt=0, le=1, description="of its payload, what the ordinary mail of an existing route leaves free")
    detour_metres: int = Field(10_000, ge=0, description="that an existing route may drive more for a village that it passes")
    optional_metres: int = Field(20_000, ge=0, description="that routes may be longer for a village of priority 2, whose packets may wait")
    overnight: bool = Field(False, description="plan trips with a night for villages that are too far for a day")
    osrm_url: str = Field("", pattern=r"^(https?://[^\s@/?#]+(/[^\s?#]*)?)?$", description="a road server's address; empty: none is asked")
    osrm_profile: str = Field("driving", pattern=r"^[A-Za-z0-9_-]+$", description="the vehicle that the road server plans for")
    osrm_block: int = Field(100, ge=2, le=10_000, description="places in one question to the road server, at most")
    osrm_timeout_seconds: float = Field(20.0, gt=0, le=600, description="for one answer of the road server, to its last byte")
    osrm_tries: int = Field(3, ge=1, le=20, description="for one question, with growing pauses between")


def span_of(text: str) -> tuple[date, date]:
    """The first and last day of `2026-10-26` or `2026-10-26..2026-11-01`; raises ValueError with a phrase to be translated."""
    first, _dots, last = text.strip().partition("..")
    try:
        span = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        raise ValueError(N_("a date as 2026-10-05 is needed.")) from None
    if span[1] < span[0]:
        raise ValueError(N_("the last day lies before the first."))
    return span


def _is_span(text: str) -> str:
    span_of(text)
    return text


Days = Annotated[str, AfterValidator(_is_span)]


class SchoolYearSettings(Section):
    """One school year as a district knows it, in the place of the program's own (docs/routes.md)."""

    first: date
    last: date
    holidays: tuple[Days, ...] = Field((), description="between the quarters, as 2026-10-26..2026-11-01")
    first_grade: tuple[Days, ...] = Field((), description="of grade 1 alone")
    since: date = Field(date.min, description="from which day on this counts")

    @property
    def spans(self) -> tuple[tuple[date, date], ...]:
        """The holidays of all."""
        return tuple(span_of(text) for text in self.holidays)

    @property
    def first_grade_spans(self) -> tuple[tuple[date, date], ...]:
        """Those of grade 1."""
        return tuple(span_of(text) for text in self.first_grade)


class CalendarSettings(Section):
    """What the desk says of days, over the tables of holidays and school years."""

    days_off: tuple[Days, ...] = Field((), description="days or spans on which the post drives nothing, beside the holidays")
    working_days: tuple[Days, ...] = Field((), description="days or spans on which it drives though they are holidays")
    school_years: tuple[SchoolYearSettings, ...] = ()

    @property
    def off(self) -> tuple[tuple[date, date], ...]:
        """The days off as spans."""
        return tuple(span_of(text) for text in self.days_off)

    @property
    def working(self) -> tuple[tuple[date, date], ...]:
        """The working days as spans."""
        return tuple(span_of(text) for text in self.working_days)


class OverdueSettings(Section):
    """The ladder of `poshta overdue`: days beyond the day by which a packet's work was to be back (docs/tracking.md)."""

    call_days: int = Field(1, ge=1, description="the run was missed: the school calls the village")
    district_days: int = Field(30, ge=1, description="the district is told")
    visit_days: int = Field(60, ge=1, description="somebody goes there")
    lost_days: int = Field(60, ge=1, description="the packet counts as lost, and is offered for reprint")


class ScanSettings(Section):
    """What the reader accepts, in files and in marks."""

    max_file_megabytes: int = Field(512, ge=1)
    max_pixels: int = Field(120_000_000, ge=1_000_000)
    max_frames: int = Field(5000, ge=1)
    commit_pages: int = Field(16, ge=1, le=16)
    seconds_per_page: float = Field(20.0, gt=0, description="processor seconds after which a page is given up")
    watch_seconds: float = Field(
        5.0, gt=0, le=3600, description="for which a file in a watched folder must not have changed (docs/watch.md)"
    )
    thresholds: dict[str, Any] = Field(default_factory=dict, description="of the reader; names and ranges: scanning.rules")


class ScaleSettings(Section):
    """A scale of marks as a district has it, in the place of the program's own (docs/grades.md)."""

    lowest: tuple[int, int, int] = Field(description="the lowest percent of 3, 4 and 5")
    first_grade: int = Field(2, ge=1, le=12)
    last_grade: int = Field(12, ge=1, le=12)
    since: date = Field(date.min, description="from which day on this counts")

    @model_validator(mode="after")
    def _rises(self) -> ScaleSettings:
        third, fourth, fifth = self.lowest
        if not 0 < third < fourth < fifth <= 100:
            raise ValueError(N_("three percentages are needed that rise, as [40, 65, 85]."))
        if self.last_grade < self.first_grade:
            raise ValueError(N_("the last grade lies below the first."))
        return self


class MarkSettings(Section):
    """How points become marks, over the dated tables (docs/grades.md)."""

    formula: Literal["", "units_and_term", "distance", "with_formative"] = Field(
        "", description="of quarter marks; empty: by the dated table"
    )
    graded_from_grade: int = Field(0, ge=0, le=12, description="the lowest grade that gets marks; 0: by the dated table")
    scales: tuple[ScaleSettings, ...] = ()
    missing_as_zero_days: int | None = Field(
        None, ge=0, le=366, description="days after the return day from which work that is not back counts as 0; none: never"
    )


class Settings(BaseSettings):
    """Every setting of a desk."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    language: Literal["", "kk", "ru", "en"] = Field("", description="of the desk; empty: as the operating system is set")
    database: str = Field("", description="an SQLAlchemy URL; empty: poshta.sqlite3 in the home")
    lead_weeks: int = Field(1, ge=0, le=8, description="weeks before the study week in which vehicles drive")
    workers: int = Field(1, ge=1, le=256, description="processes for long work")
    packets: PacketSettings = PacketSettings()
    routes: RouteSettings = RouteSettings()
    scan: ScanSettings = ScanSettings()
    overdue: OverdueSettings = OverdueSettings()
    calendar: CalendarSettings = CalendarSettings()
    marks: MarkSettings = MarkSettings()


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings with the origin of each value: `origins["routes.seed"]` is default, poshta.toml, environment or flag."""

    values: Settings
    origins: Mapping[str, str]

    def rows(self) -> list[tuple[str, str, str]]:
        """Name, value and origin of every setting, in the order of the class; a password in a URL is masked."""
        flat = _flat(self.values.model_dump())
        return [(name, _masked(name, value), self.origins.get(name, "default")) for name, value in flat.items()]


def load_settings(home: Path, flags: Mapping[str, Any] | None = None) -> LoadedSettings:
    """The settings of the desk in `home`; raises SettingsInvalid naming each bad value and its origin."""
    layers = [(FILE_NAME, _read_toml(home / FILE_NAME)), ("environment", _read_environment()), ("flag", dict(flags or {}))]
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, layer in layers:
        _merge(merged, layer)
        origins.update(dict.fromkeys(_flat(layer), origin))
    try:
        return LoadedSettings(_Bare.model_validate(merged), origins)
    except ValidationError as failure:
        raise _invalid(failure, origins) from None


class _Bare(Settings):
    """Settings without sources of their own: the layers above have been read already."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_others: Any, **_more: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls
        return (init_settings,)


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        with explained(path):
            return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise SettingsInvalid(
            _("{file} cannot be read: {reason}").format(file=path, reason=failure),
            _("Mend the line that is named, or move the file away to return to the defaults."),
        ) from None


def _read_environment() -> dict[str, Any]:
    _refuse_unknown(name for name in os.environ if name.upper().startswith(PREFIX))
    try:
        return EnvSettingsSource(Settings)()
    except ValueError:
        raise SettingsInvalid(
            _("A setting in the environment cannot be read: a table of settings must be JSON."),
            _("Set single values instead, as in POSHTA_SCAN__MAX_PIXELS=50000000."),
        ) from None


def _refuse_unknown(names: Iterable[str]) -> None:
    """A misspelt POSHTA_... variable would otherwise be left out in silence."""
    for name in sorted(names):
        first = name.upper().removeprefix(PREFIX).split("__")[0]
        if first not in NOT_SETTINGS and not first.startswith("TEST_") and first.lower() not in Settings.model_fields:
            raise SettingsInvalid(
                _("There is no setting for the environment variable {name}.").format(name=name),
                _("`poshta config show` lists the settings; unset the variable or correct its name."),
            )


def _merge(base: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for name, value in layer.items():
        if isinstance(value, Mapping) and isinstance(base.get(name), dict):
            _merge(base[name], value)
        else:
            base[name] = dict(value) if isinstance(value, Mapping) else value


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = value
    return flat


def _masked(name: str, value: object) -> str:
    if name != "database" or not value:
        return str(value)
    head, at, address = str(value).rpartition("@")
    return re.sub(r"(//[^:/]*):.*", r"\1:***", head) + at + re.sub(r"(password=)[^&]*", r"\1***", address)


def _invalid(failure: ValidationError, origins: Mapping[str, str]) -> SettingsInvalid:
    complaints = []
    for error in failure.errors():
        name = ".".join(str(part) for part in error["loc"])
        value = _masked(name, error["input"])
        text = _("The setting {name} (from {origin}) is «{value}»: {reason}").format(
            name=name, origin=origins.get(name, FILE_NAME), value=value, reason=reason_of(error)
        )
        complaints.append(Complaint("setting", text, column=name, value=value, file=origins.get(name, FILE_NAME)))
    return SettingsInvalid(complaints[0].text, _("Correct it and run the same command again."), tuple(complaints))
