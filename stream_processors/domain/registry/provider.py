"""A provider of 42 CFR 3.20 as the registry holds it. Its id is random: nothing about the provider follows from it."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from schemas.records.values import Id, Short
from schemas.taxonomy import ProviderType

Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Profession(StrEnum):
    """The individual practitioners whom 42 CFR 3.20, provider (1)(ii), names."""

    PHYSICIAN = "physician"
    PHYSICIAN_ASSISTANT = "physician_assistant"
    REGISTERED_NURSE = "registered_nurse"
    NURSE_PRACTITIONER = "nurse_practitioner"
    CLINICAL_NURSE_SPECIALIST = "clinical_nurse_specialist"
    NURSE_ANESTHETIST = "nurse_anesthetist"
    NURSE_MIDWIFE = "nurse_midwife"
    PSYCHOLOGIST = "psychologist"
    SOCIAL_WORKER = "social_worker"
    DIETITIAN = "dietitian"
    THERAPIST = "therapist"
    PHARMACIST = "pharmacist"
    OTHER = "other"


class Licence(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A licence or certificate, and the State or territory that gave it."""

    state: str
    number: Name


class RegisteredProvider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One provider in one revision. Lists of ids name other providers of the registry."""

    id: Id
    name: Name
    type: ProviderType
    state: str
    """State or territory, by its postal code."""
    licences: tuple[Licence, ...] = ()
    authority: Short = ""
    """By what else it may give care, where it needs no licence: a statute, a federal or tribal authority."""
    profession: Profession | None = None
    """Of an individual practitioner, and of nobody else."""
    parent: Id | None = None
    """The organisation that owns, controls or manages it."""
    affiliates: tuple[Id, ...] = ()
    """Legally separate providers under common ownership, management or control that no parent chain shows."""
    members: tuple[Id, ...] = ()
    """Practitioners and sites that report through this provider."""
    within_pso_parent: bool = False
    """It belongs to the organisation of which this PSO is a component: behind the wall of 42 CFR 3.102(c)."""


class Revision(msgspec.Struct, frozen=True):
    """What the registry said of a provider from one moment on. The highest revision holds."""

    provider: RegisteredProvider
    number: int
    retired: bool = False
