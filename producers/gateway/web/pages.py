"""The pages as HTML: everything that comes from outside is escaped here, once."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from producers.gateway.answers import ReceiptStatus
from producers.gateway.web.questions import BY_IDENT, FORM, Kind, Question, Section
from producers.gateway.web.report import Answers

_STATES = {
    "waiting": "safely stored; it will be sent to the Patient Safety Organization",
    "withheld": "stored, and not sent: ask whoever looks after the reports here",
    "sent": "sent to the Patient Safety Organization",
    "refused": "stored, but it could not be sent: tell whoever runs this gateway",
    "accepted": "accepted by the Patient Safety Organization",
    "dead_letter": "set aside by the Patient Safety Organization: it will be looked at",
    "quarantined": "with the Patient Safety Organization: it will be looked at",
    "in_warehouse": "with the Patient Safety Organization",
}
_INPUTS = {Kind.TEXT: "text", Kind.DATE: "date", Kind.TIME: "time", Kind.NUMBER: "text"}


def sign_in(*, wrong: bool = False, carried: Answers | None = None) -> str:
    """Asks for the key. `carried` are answers of a form whose session ended meanwhile: they become the draft."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, values in (carried or {}).items()
        for value in values
    )
    summary = _summary({"key": "This key opens nothing. Check it, or ask whoever gave it to you."}) if wrong else ""
    note = "<p>You were away for a while. Sign in again: what you wrote is kept.</p>" if carried else ""
    error = '<p class="error" id="key-error">This key opens nothing.</p>' if wrong else ""
    marks = ' aria-invalid="true" aria-describedby="key-error"' if wrong else ""
    body = (
        f"<h1>Report a patient safety event</h1>{summary}{note}"
        f'<form method="post" action="/sign-in">{hidden}<div class="field{" wrong" if wrong else ""}">'
        f'<label for="key">Your key</label><p class="hint">It begins with psok_.</p>{error}'
        f'<input class="text" id="key" name="key" type="password" autocomplete="current-password" required{marks}></div>'
        '<div class="buttons"><button class="first">Sign in</button></div></form>'
    )
    return _page("Sign in", body, wrong=wrong)


def report(token: str, answers: Answers, errors: Mapping[str, str], *, kept: bool = False) -> str:
    """The form, with what was filled in and what is wrong with it."""
    told = '<div class="done" role="status"><p>Your draft is kept. You can come back to it.</p></div>' if kept else ""
    sections = "".join(_section(section, answers, errors) for section in FORM)
    body = (
        f"<h1>Report a patient safety event</h1>{_summary(errors) if errors else ''}{told}"
        "<p>Fields marked <em>required</em> must be filled in. Leave out what you do not know.</p>"
        f'<form method="post" action="/report" novalidate>{_token(token)}{sections}<div class="buttons">'
        '<button class="first" name="do" value="send">Send the report</button>'
        '<button name="do" value="save">Keep as draft</button>'
        '<button name="do" value="drop">Throw away</button></div></form>'
    )
    return _page("Report", body, token=token, wrong=bool(errors))


def sent(token: str, receipts: Iterable[ReceiptStatus]) -> str:
    """The receipts of this session, newest first."""
    rows = "".join(
        f"<li><p>Receipt <code>{escape(one.receipt)}</code></p>"
        f"<p>Handed in {escape(one.entered_at[:16].replace('T', ' '))} UTC; {_STATES[one.state]}.</p></li>"
        for one in receipts
    )
    body = (
        '<h1>Your report is stored</h1><div class="done" role="status"><p>Write the receipt down, or print this page:'
        f" whoever runs this gateway finds your report by it.</p></div><h2>Receipts</h2><ul>{rows}</ul>"
        '<p><a href="/report">Write another report</a></p>'
    )
    return _page("Stored", body, token=token)


def problem(title: str) -> str:
    """A page for whoever cannot go on."""
    return _page(title, f'<h1>{escape(title)}</h1><p><a href="/report">Back to the report</a></p>', wrong=True)


def _page(title: str, body: str, *, token: str = "", wrong: bool = False) -> str:
    leave = f'<form method="post" action="/sign-out">{_token(token)}<button>Sign out</button></form>' if token else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{'Error: ' if wrong else ''}{escape(title)} - patient safety</title>"
        '<link rel="stylesheet" href="/style.css"></head><body><a class="skip" href="#main">Skip to the content</a>'
        f'<header><span>Patient safety report</span>{leave}</header><main id="main">{body}</main></body></html>'
    )


def _token(token: str) -> str:
    return f'<input type="hidden" name="token" value="{escape(token)}">'


def _summary(errors: Mapping[str, str]) -> str:
    """Takes the focus when the page is there, and leads to each question."""
    items = "".join(f"<li>{_linked(ident, words)}</li>" for ident, words in errors.items())
    return (
        '<div class="summary" role="alert" tabindex="-1" autofocus aria-labelledby="summary-title">'
        f'<h2 id="summary-title">There is a problem</h2><ul>{items}</ul></div>'
    )


def _linked(ident: str, words: str) -> str:
    question = BY_IDENT.get(ident)
    first = f"{ident}-{question.choices[0][0]}" if question and question.kind in (Kind.ONE, Kind.MANY) else ident
    return f'<a href="#{escape(first)}">{escape(words)}</a>' if ident else escape(words)


def _section(section: Section, answers: Answers, errors: Mapping[str, str]) -> str:
    note = f'<p class="note">{escape(section.note)}</p>' if section.note else ""
    fields = "".join(_field(one, answers.get(one.ident, []), errors.get(one.ident, "")) for one in section.questions)
    return f"<fieldset><legend>{escape(section.title)}</legend>{note}{fields}</fieldset>"


def _field(question: Question, given: list[str], error: str) -> str:
    ident = question.ident
    parts = ((question.hint, "hint"), (error, "error"))
    about = "".join(f'<p class="{kind}" id="{ident}-{kind}">{escape(words)}</p>' for words, kind in parts if words)
    described = " ".join(f"{ident}-{kind}" for words, kind in parts if words)
    marks = (f' aria-describedby="{described}"' if described else "") + (' aria-invalid="true"' if error else "")
    label = escape(question.label) + (" <em>(required)</em>" if question.required else "")
    inside = _choices(question, given, label, about, marks) or (
        f'<label for="{ident}">{label}</label>{about}{_input(question, given[0] if given else "", marks)}'
    )
    return f'<div class="field{" wrong" if error else ""}">{inside}</div>'


def _choices(question: Question, given: list[str], label: str, about: str, marks: str) -> str:
    """Radio buttons and checkboxes: a fieldset of their own, so that a screen reader says the question with each."""
    if question.kind is Kind.YES:
        tick = _tick("checkbox", question.ident, "yes", question.ident, given)
        return f'<div class="choice">{tick}<label for="{question.ident}">{label}</label></div>{about}'
    if question.kind not in (Kind.ONE, Kind.MANY):
        return ""
    kind = "radio" if question.kind is Kind.ONE else "checkbox"
    items = "".join(
        f'<div class="choice">{_tick(kind, question.ident, value, f"{question.ident}-{value}", given)}'
        f'<label for="{question.ident}-{value}">{escape(words)}</label></div>'
        for value, words in question.choices
    )
    style = "choices" if question.kind is Kind.MANY else "list"
    return f'<fieldset{marks}><legend>{label}</legend>{about}<div class="{style}">{items}</div></fieldset>'


def _tick(kind: str, name: str, value: str, ident: str, given: list[str]) -> str:
    checked = " checked" if value in given else ""
    return f'<input type="{kind}" id="{ident}" name="{name}" value="{value}"{checked}>'


def _input(question: Question, value: str, marks: str) -> str:
    named = f'id="{question.ident}" name="{question.ident}"{marks}'
    if question.kind is Kind.LONG:
        return f"<textarea {named}>\n{escape(value)}</textarea>"
    if question.kind is Kind.LIST:
        return f"<select {named}>{''.join(_options(question, value))}</select>"
    short = "" if question.kind is Kind.TEXT else " short"
    numeric = ' inputmode="numeric"' if question.kind is Kind.NUMBER else ""
    kind = _INPUTS[question.kind]
    return f'<input class="text{short}" type="{kind}" {named}{numeric} autocomplete="off" value="{escape(value)}">'


def _options(question: Question, value: str) -> Iterator[str]:
    yield '<option value=""></option>'
    for choice, words in question.choices:
        yield f'<option value="{choice}"{" selected" if choice == value else ""}>{escape(words)}</option>'
