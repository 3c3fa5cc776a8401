"""An arrangement as people write and sign it: one TOML document per contract and version, with a published JSON Schema.

Everything that is not said is the narrowest for what leaves (nothing does) and the widest for what comes in.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from schemas.grades import Grade
from schemas.records.values import Id, Short
from schemas.restrictions import DatePrecision
from schemas.taxonomy import Category, NarrativeRelease, ProviderType, ReportType, Setting
from stream_processors.domain.arrangements import ArrangementId, Day, PartyName

Said = Annotated[str, Meta(min_length=1, max_length=200)]
Days = Annotated[int, Meta(ge=0, le=3650)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the document."""


class Recipient(StrEnum):
    """Who may get what leaves."""

    ANOTHER_PSO = "another_pso"
    REPORTING_PROVIDER = "reporting_provider"
    CONTRACTOR = "contractor"
    AFFILIATE = "affiliate"
    ACCREDITOR = "accreditor"
    FDA = "fda"
    NPSD = "npsd"
    RESEARCHER = "researcher"
    VENDOR = "vendor"
    PSO_PARENT = "pso_parent"
    INSURER = "insurer"
    STATE_AGENCY = "state_agency"
    LAW_ENFORCEMENT = "law_enforcement"
    PUBLIC = "public"


class Reporting(StrEnum):
    """How information is reported to the PSO (42 CFR 3.20; 73 FR 70741)."""

    ACTUAL = "actual"
    FUNCTIONAL = "functional"


class Period(StrEnum):
    """How often the provider hears what became of its reports."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    NEVER = "never"


class Disposition(StrEnum):
    """What becomes of the provider's work product at the end: what 42 CFR 3.108(b)(3) asks of a PSO that is delisted."""

    TRANSFER = "transfer"
    RETURN = "return"
    DESTROY = "destroy"


class Parties(_Part, frozen=True):
    """Who agreed."""

    provider: Id
    provider_type: ProviderType
    pso: Said
    """Number under which the Secretary lists the PSO."""
    affiliates: tuple[Id, ...] = ()
    """Affiliated providers (42 CFR 3.20, by the registry) that may hear of this one, where their contracts name it in turn."""
    names: Annotated[tuple[PartyName, ...], Meta(max_length=200)] = ()
    """What the provider, its affiliates, corporate parents, subsidiaries, practice partners and employers are called.

    Names and abbreviations, as its staff writes them. They go from all that leaves (42 CFR 3.206(b)(4)(iv)(A), 3.212(a)(2)(i)).
    """


class Term(_Part, frozen=True):
    """From when to when; both days are inclusive, in UTC."""

    first: Day = msgspec.field(name="from")
    until: Day | None = None


class ReportingTerms(_Part, frozen=True):
    """How reporting happens, and by which clause of the contract where it is functional."""

    by: Reporting = Reporting.ACTUAL
    clause: Short = ""


class Scope(_Part, frozen=True):
    """What the provider reports. What is not limited is all of it."""

    report_types: Annotated[frozenset[ReportType], Meta(min_length=1)] = frozenset(ReportType)
    categories: Annotated[frozenset[Category], Meta(min_length=1)] = frozenset(Category)
    settings: Annotated[frozenset[Setting], Meta(min_length=1)] = frozenset(Setting)
    formats: frozenset[Said] = frozenset()
    withheld: tuple[Said, ...] = ()
    """Paths of fields that the PSO does not keep, such as `patient.race`."""


class Narratives(_Part, frozen=True):
    """Where words may go."""

    release: NarrativeRelease = NarrativeRelease.NONE
    redacted: bool = True


class Disclosure(_Part, frozen=True):
    """What leaves in one grade, and to whom."""

    grade: Grade
    recipients: Annotated[frozenset[Recipient], Meta(min_length=1)]
    dates: DatePrecision | None = None
    """The finest element of a date that leaves; unsaid, what the law allows."""
    withheld: tuple[Said, ...] = ()


class Suppression(_Part, frozen=True):
    """When a count of which this provider is part stays hidden."""

    threshold: int | None = None
    """Counts from 1 to this; unsaid, the house's."""
    contributors: int | None = None
    """Fewer providers than this; unsaid, the house's."""


class Retention(_Part, frozen=True):
    """How long the PSO keeps an event after its last report; unsaid, for good (`pso arrangement destroy`)."""

    years: Annotated[int, Meta(ge=1, le=100)] | None = None


class Feedback(_Part, frozen=True):
    """Direct feedback to the provider (42 CFR 3.102(b)(2)(i)(G)): of which periods, and no others."""

    every: Period = Period.QUARTER


class Exit(_Part, frozen=True):
    """What happens at the end: `pso arrangement due` says when, `hand-over` and `destroy` do it."""

    disposition: Disposition = Disposition.RETURN
    notice_days: Days = 90
    transfer_to: Short = ""
    """The listed PSO that takes it over."""
    why_not_returned: Short = ""
    """Why returning is not practicable, where it is destroyed."""


class StateLaw(_Part, frozen=True):
    """What the law of a State or territory adds. It may protect more, never less (42 U.S.C. 299b-22(g))."""

    state: str
    cite: Said
    disclosures: tuple[Disclosure, ...] = ()
    """A grade of which the State says nothing is as the contract has it."""
    narratives: Narratives | None = None
    suppression: Suppression | None = None


class ArrangementDocument(_Part, frozen=True):
    """One version of the contract between a provider and the PSO (42 CFR 3.206(e))."""

    id: ArrangementId
    version: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    parties: Parties
    term: Term
    reporting: ReportingTerms = ReportingTerms()
    scope: Scope = Scope()
    narratives: Narratives = Narratives()
    disclosures: tuple[Disclosure, ...] = ()
    suppression: Suppression = Suppression()
    retention: Retention = Retention()
    feedback: Feedback = Feedback()
    exit: Exit = Exit()
    state_law: tuple[StateLaw, ...] = ()
    test: bool = False
    """Everything that comes under it is invented. Never changed afterwards."""
