"""One request on paper: what was asked for, who signed which version, what happened, and how to check it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.conversation import request_wording as say
from bot.conversation.request_answers import content_lines
from bot.conversation.request_page import RequestPage, capital
from bot.conversation.written import lines
from bot.domain.approvals import Opened
from bot.domain.case import Entry
from bot.domain.people import School
from bot.domain.ports import Audited
from bot.domain.request import Request, Signature, State
from bot.paper import labels
from bot.paper.sheet import DIGEST, Item, Part, Rows, Sheet, audit, printed
from bot.talk.message import Points
from policy_kb.model import Policy

VERDICTS = ("approved", "refused", "sent-back")


def request_pdf(found: Opened, school: School, policy: Policy, form_title: str, now: datetime, by: str) -> bytes:
    """The completed form as a PDF on A4; `by` is who prints it, and no answer is ever cut."""
    request, paper = found.seen.request, _Paper(found, school, policy)
    sheet = Sheet(
        title=form_title,
        school=school.name,
        ref=request.ref,
        mark=labels.REQUEST_MARK,
        printed=labels.PRINTED.format(when=labels.moment(now, school), by=by),
        facts=paper.facts(),
        parts=tuple(paper.parts()),
        audit=audit(labels.REQUEST_AUDIT, found.trail, [paper.link(link) for link in found.trail]),
        lead=labels.STATE_LINES[request.state].format(day=labels.long_day(labels.local(request.moved.at, school))),
    )
    return printed(sheet)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A request that was opened, at its school, under its policy."""

    found: Opened
    school: School
    policy: Policy

    @property
    def request(self) -> Request:
        return self.found.seen.request

    @property
    def page(self) -> RequestPage:
        """The request as the conversation draws it, for nobody in particular."""
        return RequestPage(self.school, self.policy, {}, "")

    def facts(self) -> Rows:
        request = self.request
        return (
            (labels.SCHOOL, self.school.name),
            (labels.REFERENCE, request.ref),
            (say.ROW_VERSION, str(request.version)),
            (say.ROW_FROM, capital(self.page.name(request.requester))),
            (say.ROW_SENT, self.page.when(request.entries[request.text - 1].at)),
        )

    def parts(self) -> Iterator[Part]:
        request = self.request
        answers = [(label, words) for _, label, words in content_lines(self.found.words[request.text])]
        yield Part(labels.ANSWERS, [Item("", "", answers)])
        if not request.recorded_only:
            yield Part(labels.SIGNATURES, list(self._stages()), labels.SIGNED_HOW, boxed=True)
        if earlier := list(self._earlier()):
            yield Part(labels.EARLIER, earlier, boxed=True)
        *_, history = self.page.whole(self.found)
        yield Part(history.title, [Item("", "", one.items) for one in history.blocks if isinstance(one, Points)])

    def _stages(self) -> Iterator[Item]:
        """A block for each stage of the current version, signed or not."""
        signed = {one.stage: self._signed(one, entry) for one, entry in self._signatures(earlier=False)}
        for number, rule in enumerate(self.request.stages, 1):
            title = labels.STAGE.format(number=number, role=capital(say.ROLES[rule.role]))
            yield Item(title, "", signed.get(number) or self._unsigned(number))

    def _earlier(self) -> Iterator[Item]:
        for one, entry in self._signatures(earlier=True):
            role = capital(say.ROLES[self.request.stages[one.stage - 1].role])
            title = labels.EARLIER_VERSION.format(version=one.version, number=one.stage, role=role)
            yield Item(title, "", self._signed(one, entry))

    def _signatures(self, earlier: bool) -> Iterator[tuple[Signature, Entry]]:
        """The signatures on the current version or those before, each with the entry that it comes from."""
        decided = (entry for entry in self.request.entries if entry.kind in VERDICTS)
        both = zip(self.request.signed, decided, strict=True)
        return ((one, entry) for one, entry in both if (one.version < self.request.version) == earlier)

    def _signed(self, one: Signature, entry: Entry) -> Rows:
        role = say.ROLES[one.role]
        if one.behalf:
            role = labels.FOR_WHOM.format(role=role, behalf=self.page.name(one.behalf))
        clause = self.policy.clause(entry.facts.get("clause", ""))
        words = self.found.words.get(entry.seq)
        return (
            (labels.DECISION, say.STATES[one.verdict]),
            (labels.NAME, one.name),
            (labels.ROLE, capital(role)),
            (labels.WHEN, self.page.when(one.at)),
            (labels.VERSION_SIGNED, str(one.version)),
            (labels.DIGEST, _grouped(one.digest)),
            *([(labels.RULE, self.policy.cite(clause))] if clause else []),
            *([(labels.WORDS[one.verdict], "\n".join(answer for _, _, answer in lines(words)))] if words else []),
        )

    def _unsigned(self, number: int) -> Rows:
        request = self.request
        if request.state is not State.PENDING:
            return ((labels.DECISION, labels.NOT_ASKED),)
        names = ", ".join(self.page.name(one.person) for one in self.found.seen.signers)
        waits = ((say.ROW_WAITS, capital(names)),) if names and number == request.stage else ()
        return ((labels.DECISION, labels.NOT_YET), *waits)

    def link(self, link: Audited) -> tuple[str, str]:
        """What a link of the audit trail says was done, and who did it."""
        what = labels.REQUEST_LINKS.get(link.action) or say.EVENTS.get(link.action, link.action)
        return capital(what), capital(self.page.name(link.by))


def _grouped(digest: str) -> str:
    """A digest in groups as long as the piece of it that the audit trail shows."""
    return " ".join(digest[start : start + DIGEST] for start in range(0, len(digest), DIGEST))
