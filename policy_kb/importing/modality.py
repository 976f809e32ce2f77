"""The words by which an English policy forbids, permits, asks or advises, as patterns; nothing decides here."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hinted:
    """A pattern that is tried only where one of its hints stands in the text; most sentences hold none."""

    pattern: re.Pattern[str]
    hints: tuple[str, ...]

    def search(self, text: str) -> re.Match[str] | None:
        """The first match, None where there is none."""
        small = text.lower()
        return self.pattern.search(text) if any(hint in small for hint in self.hints) else None


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


def _hinted(hints: str, *parts: str) -> Hinted:
    return Hinted(_any(*parts), tuple(hints.split()))


_APPROVE = r"(?:approv|authori[sz]|sanction|sign(?:ed)?[- ]off|agre(?:ed|ement)\b|permission|parental consent)"
_LEAVE = r"(?:permission|approval|agreement|authori[sz]ation)"
_GIVEN = r"(?:the\s+)?(?:prior\s+|written\s+|express\s+|formal\s+){0,2}"
_GAP = r"(?:[\w’',/()-]+\s+){0,6}?"
_MUST = r"(?:must|should|shall|will|needs? to|has to|have to)"
_WHO = (
    r"(?:staff|employees?|teachers?|colleagues?|governors?|volunteers?|adults?|pupils?|students?|learners?|children|"
    r"parents?|carers?|users?|visitors?|contractors?|individuals?|you|anyone|everyone|leaders?|tutors?|coaches|escorts?|"
    r"drivers?|trustees?|assistants?|lecturers?|researchers?)"
)
_THINGS = r"(?:member of staff|phones?|images?|photographs?|computers?|devices?)"
_ACTS = (
    r"(?:use|access|post|share|contact|take|bring|carry|communicate|follow|accept|create|publish|keep|send|join|"
    r"add|make|reply|respond|email|phone|message|photograph|film|record|upload|download|store|wear|have|set up|"
    r"choose|request)"
)

_STATES = (
    r"(?:not|be|face|have|feel|become|see|find|suffer|lose|receive|know|want|wish|need|experience|encounter|come|notice|"
    r"hear|think|believe|result|lead|include|constitute|also|still|always|only|never|well|then|already|seem|appear|"
    r"require|cause|contain|amount|apply|occur|happen|get|differ|vary|depend|prefer|consider|choose|even|sometimes|"
    r"inadvertently|unintentionally|accidentally|mean|use)\b"
)
"""After `may`: what befalls a person rather than what one is free to do, and words that settle nothing yet."""
_HANDLED = (
    r"(?:used|carried|worn|taken|brought|shared|posted|shown|named|photographed|filmed|recorded|opened|accepted|"
    r"published|tagged|followed|added|switched on)"
)

APPROVAL = _hinted(
    "approv authori agre permission consent sanction sign clear check consult discuss licen warrant charter "
    "countersign yes",
    r"\b(?:requires?|needs?)\s+(?:[\w’'-]+\s+){0,5}?(?:agreement|approval|permission|consent|sign-?off|go-?ahead)\b",
    r"\b(?:obtain|obtained|seek|get|apply|wait|hold|holds|lodged?)\b[^.;]{0,60}\b(?:licen[cs]e|warrant|charter|"
    r"written (?:agreement|consent)|a yes)\b",
    r"\bneeds? to be (?:opened|set up|created|signed|approved) by\b",
    r"\bcountersign|\bupon the (?:warrant|licen[cs]e) of\b",
    r"\bagreed (?:in writing )?(?:by|with) (?:the|your)\b",
    rf"\b(?:{_MUST}|to)\s+{_GAP}be\s+(?:(?:\w+ly|first|previously|discussed|checked|read|with|and|or)\s+){{0,4}}"
    r"(?:approved|authori[sz]ed|agreed|signed off|sanctioned|cleared)\b",
    rf"\b{_MUST}\s+{_GAP}(?:obtain|seek|get|gain|have|request|ask(?: for)?)\s+{_GAP}(?:{_LEAVE}|consent)\b",
    rf"\b{_LEAVE}\b[^.]{{0,250}}?\b{_MUST}\s+{_GAP}be\s+(?:sought|obtained|given|gained|granted|requested)",
    rf"\b(?:unless|until|except|without|only|subject to|after)\b[^.;]{{0,80}}?\b{_APPROVE}\w*",
    rf"\b(?:requires?|needs?)\s+{_GIVEN}(?:{_LEAVE}|consent)\b",
    rf"\bwith\s+{_GIVEN}{_LEAVE}\b",
    r"\b(?:check|consult|agree|discuss|clear)\w*\b[^.]{0,80}\bbefore\b",
)
NOT_APPROVAL = _hinted(
    "approv permission authori consent notif",
    r"\b(?:not|n['’]t)\s+(?:need|require|have)\b[^.]{0,40}\b(?:approv|permission|authori|consent)",
    r"\bwithout prior notif",
)
FORBIDS = _hinted(
    "not n't n’t never no prohibit forbid ban zero against unaccept inappropr illegal circumst neither "
    "declin refus refrain",
    rf"\b(?:is|are)\s+not\s+(?:\w+\s+){{0,2}}?{_HANDLED}\b",
    rf"\b(?:{_WHO}|{_THINGS})\s+do(?:es)? not (?:go|come|leave|cross|have)\b",
    r"\b(?:requests?|invitations?)\b[^.]{0,60}\b(?:is|are) (?:declined|refused)\b",
    r"\b(?:must|may|shall|should|can|could|ought to)\s*(?:not|never)\b",
    r"\b(?:must|should|can|may)\s+(?:[\w’']+\s+){1,3}?not\b(?! only)",
    r"\b(?:cannot|never|prohibited|forbidden|banned|zero[- ]tolerance|against the law)\b",
    r"\b(?:mustn|shouldn|can|won|mayn)['’]t\b",
    r"(?:please|then|and|but|so|,)\s+(?:do\s+not|don['’]t)\b",
    r"\bwill\b[^.]{0,80}\b(?:and|but)\s+not\b",
    r"\bensure\b[^.]{0,40}\b(?:do|does)\s+not\b",
    r"\bwill\s+(?:not|never)\s+(?!be (?:liable|responsible|held|possible)\b)",
    r"\bnot\s+(?:be\s+)?(?:permitted|allowed|acceptable|appropriate|tolerated)\b",
    r"\b(?:is|are|be) not to (?!be (?:seen|read))",
    r"\b(?:is|are|be)\s+(?:\w+\s+)?(?:unacceptable|inappropriate|illegal)\b",
    r"\b(?:under no circumstances|at no (?:time|point)|neither should)\b",
    rf"\bno\s+(?:[\w’'-]+\s+){{0,4}}?(?:{_WHO}|{_THINGS})\b[^.]{{0,80}}?\b(?:should|may|must|is|are|can|will|shall)\b",
    r"\b(?:must|should|shall)\s+(?:decline|refuse|refrain)\b",
)
FORBIDS_NOTHING = _any(
    r"\b(?:does|do|is|are|will|may|need|should)\s*(?:not|n['’]t)\s+(?:be\s+)?"
    r"(?:need|required|have to|apply|expect\w*|always|necessar\w+|limited|liable|able|aware|possible|intended|"
    r"exhaustive)\b",
    r"\bnot\s+only\b",
    r"\b(?:whether|if)\b[^.,]{0,60}\bor not\b",
    r"\bcannot (?:guarantee|accept|be (?:held|guaranteed))\b",
    r"\bmay not (?:be|have|always|want|know)\b",
    r"\b(?:who|which|that|whom)\s+(?:do|does|are|is|have|has)\s*(?:not|n['’]t)\b",
)
FORBIDS_FIRST = _any(
    r"\W*(?:do\s*not|don['’]?t|never|not|no\b(?!\s+\w+\s+is)|cannot|must not|may not|should not|refrain)\b"
)
ADVISES_AGAINST = _hinted(
    "advis discourag avoid caution not",
    r"\badvised\s+(?:not|against|to avoid)\b",
    r"\bdiscouraged?\b",
    r"\b(?:should|must|to)\s+avoid\b",
    r"^\W*avoid\b",
    r"\bcaution (?:is|must|should)\b",
    r"\bnot\s+(?:recommended|advisable|advised|encouraged)\b",
    r"\binadvisable\b",
)
PERMITS = _hinted(
    "permit allow encourag free welcome may can acceptable",
    r"\b(?:is|are|be)\s+(?:also\s+|actively\s+|always\s+)?(?:permitted|allowed|encouraged|free|welcome)\b",
    rf"\b{_WHO}(?:\s+[\w-]+){{0,3}}?\s+(?:may|can)\s+(?:also\s+|still\s+)?{_ACTS}\b",
    r"\b(?:is|are) acceptable\b",
    r"\bpermits\b",
    r"\b(?:may|can)\s+be\s+(?:used|worn|brought|kept|carried|taken|sent|shared|posted|shown)\b",
    rf"\b{_WHO}(?:\s+[\w’'-]+){{0,5}}?\s+may\s+(?:also\s+|still\s+|always\s+)?(?!{_STATES})[a-z]+\b",
    r"\byou\s+can\s+(?:also\s+|still\s+|always\s+)?(?:say|tell|talk|write|charge|connect|own|unlock|stay|continue|"
    r"ask|answer|leave|let|speak|run|open)\b",
    r"\A\W*(?:A\.?\s+)?Yes\b",
)
RESTRICTS = _any(
    r"\bonly (?:if|when|where|after|once|while)\b",
    r"\b(?:can|may|must|should|will|is|are)\s+(?:be\s+)?(?:\w+\s+)?only\b",
)
ONLY = _any(r"\bonly\b")
NEGATIVE = _any(r"\b(?:not|never|no|nor|neither|cannot|without|none|only)\b", r"n['’]t\b")
REQUIRES = _any(
    r"\b(?:must|shall|should|ought to|requires that)\b",
    rf"\b{_WHO}\b(?:[^.]{{0,60}})\bwill\b(?!\s+be\s+(?:encouraged|informed|given|taught|provided))",
    r"\b(?:I|we) will\b",
    r"\b(?:has|have|needs?) to\b",
    r"\b(?:is|are)\s+(?:expected|required|responsible|obliged|advised|strongly advised|requested|asked|to)\b",
    r"\bplease\b",
    r"\b(?:has|have) (?:a|the) (?:duty|responsibility)\b",
    r"\bit is (?:vital|essential|important|crucial) that\b",
)
REQUIRES_FIRST = re.compile(
    r"\W*(?:always|immediately|act|add|adjust|advise|apply|ask|attend|be|block|carry|change|check|choose|complete|"
    r"consider|contact|decline|delete|discuss|encourage|ensure|express|follow|give|hand|inform|keep|know|leave|listen|"
    r"log|maintain|make|monitor|notify|obtain|pass|protect|provide|put|read|record|refer|regularly|remember|remind|"
    r"remove|report|respect|respond|restrict|return|review|save|secure|seek|send|set|sign|speak|stay|store|switch|take|"
    r"talk|tell|think|treat|turn|update|use|wear|work|write)\b(?!\s+of\b)",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(?:unless|until|except(?:\s+(?:for|where|when|in|if|with|by))?|as long as|other than|on condition that|"
    r"only\s+(?:be\s+|take place\s+|[\w-]+\s+){0,2}?(?:if|when|where|with|after|once|by|for|in|on|through)|"
    r"provid(?:ed|ing)(?:\s+that|(?=\s+(?:the|they|it)\b))|"
    rf"subject to\s+(?:the\s+)?(?:\w+\s+){{0,2}}?(?:{_LEAVE}|consent|conditions?|following)|"
    rf"without\s+(?:[\w-]+\s+){{0,5}}?(?:{_LEAVE}|consent|authority|sign[- ]off)|with\s+{_GIVEN}{_LEAVE})\b"
    r"[^.;]*(?:[.](?=\w)[^.;]*)*",
    re.IGNORECASE,
)
IF = re.compile(r"\b(?P<if>(?:if|where|when)\b[^.;:,]*)", re.IGNORECASE)
ABOUT_ITSELF = re.compile(
    r"\W*(?:(?:this|the|our|these)\s+)?(?:\w+\s+)?"
    r"(?:policy|policies|document|purposes?|aims?|guidance|objectives?|principles)\b"
    r"(?![^.]*\b(?:must|may not|must not)\b)",
    re.IGNORECASE,
)
