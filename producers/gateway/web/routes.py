"""The form's addresses. Nothing that is written goes into an address, a cookie or a log: it is posted, and kept as a draft."""

import asyncio
import secrets
from collections.abc import Callable
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from producers.gateway.answers import Accepted
from producers.gateway.bodies import received
from producers.gateway.desk import Desk
from producers.gateway.drafts import Draft
from producers.gateway.intake import Submission
from producers.gateway.keys import KeyRecord, Scope
from producers.gateway.limits import Bodies, Rates
from producers.gateway.problems import Kind, Refused
from producers.gateway.web import pages
from producers.gateway.web.report import answers_of, datum_of, mistakes, said_of
from producers.gateway.web.sessions import Session, Sessions

_MOST_BYTES = 1_048_576
_MOST_FIELDS = 200
_STYLE = (files("producers.gateway.web") / "style.css").read_bytes()


class _Visit(NamedTuple):
    """A request of somebody who is signed in."""

    session: Session
    key: KeyRecord


class Form:
    """The endpoints. `encrypted`: cookies are for HTTPS only, and for this host only."""

    def __init__(self, desk: Desk, rates: Rates, seconds: Callable[[], float], *, encrypted: bool) -> None:
        self._desk = desk
        self._rates = rates
        self._sessions = Sessions(seconds)
        self._bodies = Bodies()
        self._encrypted = encrypted
        self._cookie = "__Host-pso-session" if encrypted else "pso-session"

    def routes(self) -> list[Route]:
        return [
            Route("/", self.get_start, methods=["GET"]),
            Route("/sign-in", self.get_sign_in, methods=["GET"]),
            Route("/sign-in", self.post_sign_in, methods=["POST"]),
            Route("/sign-out", self.post_sign_out, methods=["POST"]),
            Route("/report", self.get_report, methods=["GET"]),
            Route("/report", self.post_report, methods=["POST"]),
            Route("/sent", self.get_sent, methods=["GET"]),
            Route("/style.css", self.get_style, methods=["GET"]),
        ]

    async def get_start(self, _request: Request) -> Response:
        return _see("/report")

    async def get_style(self, _request: Request) -> Response:
        return Response(_STYLE, media_type="text/css")

    async def get_sign_in(self, _request: Request) -> Response:
        return _html(pages.sign_in())

    async def post_sign_in(self, request: Request) -> Response:
        """A key becomes a session; answers that were carried over become the draft."""
        posted = await self._posted(request)
        key = await self._desk.ask(self._desk.keys.opened_by, dict(posted).get("key", "").strip())
        carried = answers_of(posted)
        if key is None or Scope.FORM not in key.caller.scopes:
            return _html(pages.sign_in(wrong=True, carried=carried), 401)
        if carried:
            await self._keep(key, carried)
        answer = _see("/report")
        cookie = self._sessions.open(key.key_id)
        answer.set_cookie(self._cookie, cookie, path="/", secure=self._encrypted, httponly=True, samesite="strict")
        return answer

    async def post_sign_out(self, request: Request) -> Response:
        """Ends the session; the draft stays."""
        posted = dict(await self._posted(request))
        visit = await self._visit(request)
        if visit is not None and visit.session.brings(posted.get("token", "")):
            self._sessions.close(request.cookies.get(self._cookie, ""))
        answer = _see("/sign-in")
        answer.delete_cookie(self._cookie, path="/", secure=self._encrypted, httponly=True, samesite="strict")
        return answer

    async def get_report(self, request: Request) -> Response:
        visit = await self._visit(request)
        if visit is None:
            return _see("/sign-in")
        draft = await self._desk.ask(self._desk.drafts.of, visit.key.key_id)
        return _html(pages.report(visit.session.token, draft.values if draft else {}, {}))

    async def post_report(self, request: Request) -> Response:
        """Keeps what was written, whatever becomes of it, then does what was asked."""
        posted = await self._posted(request)
        answers, fields = answers_of(posted), dict(posted)
        visit = await self._visit(request)
        if visit is None:
            return _html(pages.sign_in(carried=answers), 401)
        if not visit.session.brings(fields.get("token", "")):
            return _html(pages.problem("This form is out of date: open it again"), 403)
        if fields.get("do") == "drop":
            await self._desk.ask(self._desk.drafts.drop, visit.key.key_id)
            return _see("/report")
        draft = await self._keep(visit.key, answers)
        if fields.get("do") != "send":
            return _html(pages.report(visit.session.token, answers, {}, kept=True))
        return await self._send(visit, draft)

    async def get_sent(self, request: Request) -> Response:
        visit = await self._visit(request)
        if visit is None:
            return _see("/sign-in")
        found = await asyncio.gather(*(self._desk.status(visit.key.caller, receipt) for receipt in visit.session.receipts))
        return _html(pages.sent(visit.session.token, found))

    async def _send(self, visit: _Visit, draft: Draft) -> Response:
        if errors := mistakes(draft.values):
            return _html(pages.report(visit.session.token, draft.values, errors), 422)
        if not self._desk.has_space():
            raise Refused(Kind.STORAGE_FULL)
        if self._rates.wait(visit.key.key_id, 1) > 0:
            raise Refused(Kind.TOO_MANY)
        caller = visit.key.caller
        data = msgspec.json.encode(datum_of(draft.values, draft.number, caller.system))
        submission = Submission(data, lines=False, corrections=True)
        try:
            body, _ = await self._desk.ask(self._desk.intake.take, caller, submission)
        except Refused as refused:
            if refused.kind is not Kind.INVALID_EVENTS:
                raise
            return _html(pages.report(visit.session.token, draft.values, said_of(refused.errors)), 422)
        (result,) = msgspec.json.decode(body, type=Accepted).results
        visit.session.given(str(result.receipt))
        await self._desk.ask(self._desk.drafts.drop, visit.key.key_id)
        return _see("/sent")

    async def _keep(self, key: KeyRecord, answers: dict[str, list[str]]) -> Draft:
        """The draft under the number that it had, or a new one."""
        before = await self._desk.ask(self._desk.drafts.of, key.key_id)
        draft = Draft(before.number if before else secrets.token_hex(16), answers)
        await self._desk.ask(self._desk.drafts.keep, key.key_id, draft)
        return draft

    async def _visit(self, request: Request) -> _Visit | None:
        session = self._sessions.of(request.cookies.get(self._cookie, ""))
        key = await self._desk.ask(self._desk.keys.in_force, session.key_id) if session else None
        return _Visit(session, key) if session and key else None

    async def _posted(self, request: Request) -> list[tuple[str, str]]:
        """The fields of a form of our own. Raises Refused for one that another site posts."""
        if not _same_origin(request):
            raise Refused(Kind.OUT_OF_SCOPE, "a form of another site")
        with self._bodies.room() as room:
            body = await received(request, room, _MOST_BYTES)
        try:
            return parse_qsl(body.decode("utf-8"), max_num_fields=_MOST_FIELDS, errors="strict")
        except ValueError:
            raise Refused(Kind.MALFORMED, "no form") from None


def _same_origin(request: Request) -> bool:
    """Browsers say where a form comes from; what says nothing is no browser that another site could misuse."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _html(page: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(page, status, {"Cache-Control": "no-store"})


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})
