"""What a clause says of an act, read from its words; unsure means the stricter reading, and never a yes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policy_kb.importing import modality, roles
from policy_kb.load import CONDITIONAL
from policy_kb.model import Verdict

_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[A-Z\"'“‘(•])|\s+•\s+|(?<=;)\s+")
_HEADING_FORBIDS = re.compile(
    r"\W*(?:the\s+)?(?:don[’']?ts?|do not(?:s|'s)?|must nots?|never|not (?:allowed|permitted|acceptable)|prohibited|"
    r"forbidden|unacceptable|banned|inappropriate)\b",
    re.IGNORECASE,
)
_ENDS_FORBIDDING = re.compile(
    r"\b(?:not|never|n['’]t|cannot|prohibited|forbidden|banned|unacceptable)\b(?:\s+[\w/-]+){0,6}\s*:?[-–—]?\s*$|"
    r"\b(?:prohibited|forbidden|banned|unacceptable|not (?:be )?(?:permitted|allowed|acceptable))\b[^.]*:\s*$",
    re.IGNORECASE,
)
_ENDS_REQUIRING = re.compile(
    r"\b(?:must|should|shall|will|to|required to|do)\s*:?\s*$|^\W*(?:the\s+)?do['’]?s?\W*$", re.IGNORECASE
)
_ENDS_PERMITTING = re.compile(r"\b(?:may|can|(?:permitted|allowed|encouraged|free|welcome) to)\s*:?\s*$", re.IGNORECASE)
_BUT = re.compile(r"\b(?:however|but|although|though)\b", re.IGNORECASE)


def _strictness(verdict: Verdict) -> int:
    return verdict.strictness


@dataclass(frozen=True, slots=True)
class Reading:
    """What was inferred of one clause; the fields are those of `policy_kb.model.Clause`."""

    verdict: Verdict
    condition: str = ""
    binds: tuple[str, ...] = ()
    ask: str = ""


def infer(text: str, lead: str = "", heading: str = "") -> Reading:
    """Read a clause, with the lead-in it stands under and the heading of its section."""
    body = text[len(lead) :].strip() if lead and text.startswith(lead) else text
    sentences = [part.strip() for part in _SENTENCE.split(body) if part.strip()]
    under = _of_lead(lead, heading)
    verdict = min(
        (_under(_of_sentence(part), under, part) for part in sentences), key=_strictness, default=Verdict.INFO
    )
    if verdict is Verdict.YES and _BUT.search(body):
        verdict = Verdict.DEPENDS
    condition = _condition(sentences, lead, verdict)
    asked = next((role for part in (*sentences, lead) if (role := roles.ask(part))), "")
    return Reading(verdict, condition, roles.binds([lead, *sentences], heading), asked)


def decides(lead: str) -> bool:
    """Whether a lead-in changes what its items say: it forbids, permits, needs approval or sets a condition."""
    verdict = _of_lead(lead, "")
    return verdict in (Verdict.NO, Verdict.APPROVAL, Verdict.DEPENDS, Verdict.YES) or bool(
        re.match(r"\W*if\b", lead, re.I)
    )


def _of_lead(lead: str, heading: str) -> Verdict:
    if lead and _ENDS_FORBIDDING.search(lead) or not lead and _HEADING_FORBIDS.match(heading):
        return Verdict.NO
    if lead:
        if modality.ABOUT_ITSELF.match(lead):
            return Verdict.INFO
        if _ENDS_PERMITTING.search(lead):
            return Verdict.YES
        verdict = _of_sentence(lead)
        return Verdict.ACTION if verdict is Verdict.INFO and _ENDS_REQUIRING.search(lead) else verdict
    return Verdict.ACTION if _ENDS_REQUIRING.search(heading) else Verdict.INFO


def _under(own: Verdict, lead: Verdict, sentence: str) -> Verdict:
    """An item's own word counts where it is stricter than its lead-in; a yes never outlives a negation."""
    if lead is Verdict.NO:
        return Verdict.APPROVAL if own is Verdict.APPROVAL else Verdict.NO
    if lead in (Verdict.APPROVAL, Verdict.DEPENDS):
        return min(own, lead, key=_strictness)
    if lead is Verdict.YES and own in (Verdict.INFO, Verdict.ACTION):
        limited = conditional(sentence) or modality.NEGATIVE.search(sentence)
        return Verdict.DEPENDS if limited else Verdict.YES
    return Verdict.ACTION if own is Verdict.INFO and lead is Verdict.ACTION else own


def _of_sentence(sentence: str) -> Verdict:
    """The verdict of one sentence by itself."""
    if modality.ABOUT_ITSELF.match(sentence):
        return Verdict.INFO
    if modality.NOT_APPROVAL.search(sentence):
        return Verdict.INFO
    if modality.ADVISES_AGAINST.search(sentence):
        return Verdict.DEPENDS
    if modality.APPROVAL.search(sentence):
        return Verdict.APPROVAL
    if modality.FORBIDS_FIRST.match(sentence) or _forbids(sentence):
        return Verdict.NO
    if modality.RESTRICTS.search(sentence):
        return Verdict.DEPENDS
    if modality.PERMITS.search(sentence):
        return _permission(sentence)
    required = modality.REQUIRES.search(sentence) or modality.REQUIRES_FIRST.match(sentence)
    return Verdict.ACTION if required else Verdict.INFO


def _forbids(sentence: str) -> bool:
    return bool(modality.FORBIDS.search(modality.FORBIDS_NOTHING.sub(" ", sentence)))


def _permission(sentence: str) -> Verdict:
    rest = modality.PERMITS.pattern.sub(" ", sentence)
    if modality.REQUIRES.search(rest):
        return Verdict.ACTION
    if conditional(sentence):
        return Verdict.DEPENDS
    if modality.NEGATIVE.search(sentence):
        return Verdict.INFO
    return Verdict.YES


def conditional(sentence: str) -> bool:
    """Whether a sentence says that something holds only in some case."""
    return bool(modality.CONDITION.search(sentence) or CONDITIONAL.search(sentence) or modality.IF.search(sentence))


def _condition(sentences: list[str], lead: str, verdict: Verdict) -> str:
    """The words of the clause that limit it, verbatim, or an empty string."""
    parts = [*sentences, lead] if lead else sentences
    for pattern in (modality.CONDITION, CONDITIONAL):
        for part in parts:
            if match := pattern.search(part):
                return _trim(part[match.start() :] if pattern is CONDITIONAL else match[0])
    if lead and (match := re.match(r"\W*(if\b[^,:]*)", lead, re.IGNORECASE)):
        return _trim(match[1])
    if verdict is not Verdict.DEPENDS:
        return ""
    limits: tuple[re.Pattern[str] | modality.Hinted, ...] = (
        modality.IF, modality.ADVISES_AGAINST, modality.ONLY, _BUT, modality.NEGATIVE,
    )  # fmt: skip
    for limit in limits:
        for part in parts:
            if match := limit.search(part):
                return _trim(match["if"] if limit is modality.IF else part[match.start() :])
    return ""


def _trim(text: str) -> str:
    return text.strip(" .,;:•")
