"""The web form: what is filled in becomes the event, stays as a draft, and goes into no address, cookie or log."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from producers.gateway.answers import LineResult
from producers.gateway.keys import Scope
from producers.gateway.web.questions import QUESTIONS, Kind
from producers.gateway.web.report import answers_of, datum_of, mistakes, said_of
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from tests.support.gateways import Gateway, gateway

STORY = "Zebulon Quartermain <b>fell</b> & lay there."
FILLED = {"report_type": "incident", "narratives-text": STORY, "patient-age_years": "54", "categories": ["fall", "device"]}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Gateway]:
    with gateway(tmp_path) as made:
        yield made
        assert "Quartermain" not in "".join(made.log)


def signed_in(door: Gateway) -> str:
    """Signs in; the token of the form."""
    answer = door.client.post("/sign-in", data={"key": door.key()[0]})
    assert answer.status_code == 200
    return token_of(answer.text)


def token_of(page: str) -> str:
    (token, *_) = re.findall(r'name="token" value="([^"]+)"', page)
    return str(token)


def send(door: Gateway, token: str, do: str = "send", **answers: Any) -> Any:
    return door.client.post("/report", data={"token": token, "do": do, **FILLED, **answers}, follow_redirects=False)


def held(door: Gateway) -> list[SafetyEvent]:
    codec = Codec(bundled())
    with door.outbox() as outbox:
        return [codec.decode(one.value, SafetyEvent) for one in outbox.waiting(0)]


def test_a_report_becomes_an_event_and_shows_its_receipt(door: Gateway) -> None:
    answer = send(door, signed_in(door))
    assert (answer.status_code, answer.headers["location"]) == (303, "/sent")
    assert re.search(r"rcp_[0-9a-f]{32}", door.client.get("/sent").text)
    (event,) = held(door)
    assert (event.report_type, event.categories, event.narratives[0].text) == ("incident", ("fall", "device"), STORY)
    assert event.patient
    assert event.patient.age_years == 54
    assert event.source
    assert (event.source.system, event.source.format) == ("rl6-main", "web_form")


def test_a_report_that_was_stored_before_its_draft_was_dropped_is_corrected_not_repeated(door: Gateway) -> None:
    key, record = door.key()
    token = token_of(door.client.post("/sign-in", data={"key": key}).text)
    send(door, token, do="save")
    draft = door.in_thread(door.desk.drafts.of, record.key_id)
    send(door, token)
    door.in_thread(door.desk.drafts.keep, record.key_id, draft)  # as if the gateway had been killed before it answered
    send(door, token)
    send(door, token, unit="4 North")
    door.in_thread(door.desk.drafts.keep, record.key_id, draft)
    send(door, token, unit="5 North")
    first, other, correction = held(door)
    assert first.event_id == correction.event_id != other.event_id
    assert [(one.revision, one.action) for one in (first, other, correction)] == [
        (1, "report"), (1, "report"), (2, "correct"),
    ]  # fmt: skip


def test_a_draft_is_kept_for_the_next_session_and_is_gone_when_it_is_sent_or_dropped(door: Gateway) -> None:
    key, _ = door.key()
    token = token_of(door.client.post("/sign-in", data={"key": key}).text)
    assert "Your draft is kept" in send(door, token, do="save").text
    door.client.cookies.clear()
    page = door.client.post("/sign-in", data={"key": key}).text
    assert "Zebulon Quartermain &lt;b&gt;fell&lt;/b&gt; &amp; lay there." in page
    send(door, token_of(page), do="drop")
    assert "Quartermain" not in door.client.get("/report").text
    assert not any(b"Quartermain" in path.read_bytes() for path in door.folder.glob("ledger.sqlite"))


def test_what_is_missing_or_wrong_is_said_at_its_question_and_nothing_is_lost(door: Gateway) -> None:
    token = signed_in(door)
    answer = send(door, token, report_type="")
    assert answer.status_code == 422
    assert '<a href="#report_type-incident">Kind of report: this must be answered.</a>' in answer.text
    assert "Quartermain" in answer.text
    answer = send(door, token, **{"patient-age_years": "fifty"})
    assert '<a href="#patient-age_years">Age in years: write a whole number.</a>' in answer.text
    assert '<p class="error" id="patient-age_years-error">' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    answer = send(door, token, event_date="2026-02-30")
    assert "Date on which it happened: write a date of the calendar" in answer.text
    assert held(door) == []


def test_a_form_whose_session_ended_is_carried_over_the_next_sign_in(door: Gateway) -> None:
    token = signed_in(door)
    door.client.cookies.clear()
    page = send(door, token)
    assert page.status_code == 401
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    assert carried["report_type"] == "incident"
    assert "Quartermain" in door.client.post("/sign-in", data={"key": door.key()[0], "narratives-text": STORY}).text
    assert held(door) == []


def test_a_form_of_another_site_is_refused(door: Gateway) -> None:
    token = signed_in(door)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = door.client.post("/report", data={"token": token, "do": "send", **FILLED}, headers=headers)
        assert answer.status_code == 403
    assert send(door, "guessed").status_code == 403
    assert held(door) == []


def test_the_cookie_holds_nothing_and_is_for_this_site_only(door: Gateway) -> None:
    key, _ = door.key()
    answer = door.client.post("/sign-in", data={"key": key}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"pso-session=[\w-]{43}; HttpOnly; Path=/; SameSite=strict", cookie)
    assert answer.headers["location"] == "/report"


def test_a_key_without_the_scope_or_revoked_opens_no_form(door: Gateway) -> None:
    sender, _ = door.key(scopes=frozenset({Scope.SEND}))
    assert door.client.post("/sign-in", data={"key": sender}).status_code == 401
    key, record = door.key()
    door.client.post("/sign-in", data={"key": key})
    door.revoke(record.key_id)
    assert "Your key" in door.client.get("/report").text


def test_signing_out_ends_the_session(door: Gateway) -> None:
    token = signed_in(door)
    door.client.post("/sign-out", data={"token": "guessed"})
    door.client.post("/sign-out", data={"token": token})
    assert "Your key" in door.client.get("/report").text


def test_a_key_that_ends_ends_its_sessions(door: Gateway) -> None:
    signed_in(door)
    door.now += timedelta(days=2)
    assert "Your key" in door.client.get("/report").text


def test_every_question_fills_a_field_that_the_record_takes() -> None:
    values = {Kind.NUMBER: "54", Kind.DATE: "2026-02-28", Kind.TIME: "21:40", Kind.YES: "yes"}
    pairs = [(one.ident, one.choices[0][0] if one.choices else values.get(one.kind, "words")) for one in QUESTIONS]
    datum = datum_of(answers_of(pairs), "1", "s")
    assert mistakes(answers_of(pairs)) == {}
    assert {"patient", "reporter", "medications", "narratives", "harm", "unit", "categories"} <= set(datum)
    assert [one["kind"] for one in datum["narratives"]] == ["description", "immediate_action"]


CONTRADICTIONS = [
    ({"report_type": "incident", "harm": "not_applicable"}, {"harm"}, "an incident reached somebody"),
    ({"report_type": "near_miss", "harm": "mild"}, {"harm"}, "a near miss harmed nobody"),
    ({"report_type": "near_miss", "harm": "none"}, set(), "no harm is fine"),
    ({"report_type": "unsafe_condition"}, set(), "no answer is fine"),
    ({"report_type": "incident", "event_date": "2026-03-02", "discovery_date": "2026-03-01"}, {"discovery_date"}, "too early"),
]


@pytest.mark.parametrize(("given", "wrong"), [row[:2] for row in CONTRADICTIONS], ids=[row[2] for row in CONTRADICTIONS])
def test_what_the_pso_would_set_aside_as_contradictory_is_said_before(given: dict[str, str], wrong: set[str]) -> None:
    assert set(mistakes(answers_of([*given.items(), ("narratives-text", STORY)]))) == wrong


def test_an_error_that_belongs_to_no_question_is_said_too() -> None:
    assert said_of([LineResult(1, "refused", path="", reason="too_large", hint="shorten it")]) == {
        "": "The report cannot be taken: shorten it."
    }


def channel(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = (channel(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


CONTRASTS = [("text", "ground", 7.0), ("quiet", "ground", 7.0), ("act", "ground", 7.0), ("on-act", "act", 7.0),
             ("bad", "ground", 7.0), ("good", "ground", 7.0), ("edge", "ground", 3.0)]  # fmt: skip


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_is_what_the_style_claims(door: Gateway, scheme: int) -> None:
    blocks = re.findall(r"--ground.*?\}", door.client.get("/style.css").text, re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[scheme]))
    for above, below, least in CONTRASTS:
        light, dark = sorted((luminance(colours[above]), luminance(colours[below])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= least, (above, below)
