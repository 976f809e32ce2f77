"""Whom a clause sends one to, and whom it binds, by the words it uses."""

from __future__ import annotations

import re

_ROLES = (
    (
        "DSL",
        r"\bDSLs?\b|designated (?:safeguarding|person|child protection)\b(?: lead| officer| person)?|safeguarding lead|"
        r"child protection (?:officer|co-?ordinator)",
    ),
    ("LADO", r"\bLADO\b|local authority designated officer|designated officer (?:at|of|in) the local authority"),
    ("chair", r"\bchair(?:man|woman|person)?(?: of| to| at)? (?:the )?(?:governors|governing|trust|board|local)"),
    ("director of ICT", r"\bdirector of (?:ICT|IT|technology)"),
    ("IT manager", r"\b(?:IT|ICT|network|systems?) (?:manager|technician|support|team|department|co-?ordinator)"),
    ("online safety lead", r"\b(?:online|e|internet)[- ]?safety (?:\([^)]*\) )?(?:lead|co-?ordinator|officer|group)"),
    ("account moderator", r"\b(?:account|site) (?:moderator|administrator)"),
    ("class teacher", r"\b(?:class|form) (?:teacher|tutor)"),
    ("policy lead", r"\bpolicy (?:lead|owner)"),
    ("line manager", r"\bline[- ]managers?\b"),
    ("head", r"\b(?:head[- ]?(?:teacher|master|mistress)|principal|head of school)\b|\bthe head\b(?! of)"),
    ("SLT", r"\b(?:SLT|SMT)\b|\bsenior (?:leadership|management|leaders?)\b(?: team)?|\bleadership (?:teams?|group)"),
)  # fmt: skip
_HINTS = (
    "dsl", "safeguarding", "designated", "protection", "lado", "chair", "ict", "it ", "network", "system", "safety",
    "moderator", "administrator", "teacher", "tutor", "policy", "manager", "head", "principal", "slt", "smt", "senior",
    "leadership",
)  # fmt: skip
_CUE = re.compile(
    r"\b(?:by|from|to|with|contact|inform|ask|asks|consult(?:ing)?|(?:approval|permission|authority|agreement) of|"
    r"notify|see|alert(?:ing)?|advice of|refer\w*|tell|phone)\b(?P<gap>[^.;:]{0,60})$",
    re.IGNORECASE,
)
_GROUPS = (
    ("staff", r"\bstaff\b|\bemployees?\b|\bteachers?\b|\bcolleagues\b|\badults? (?:working|who work)"),
    ("pupils", r"\bpupils?\b|\bstudents?\b|\blearners?\b"),
    ("parents", r"\bparents?\b|\bcarers?\b"),
    ("governors", r"\bgovernors?\b|\bgoverning (?:body|board)\b|\btrustees?\b"),
    ("volunteers", r"\bvolunteers?\b"),
    ("contractors", r"\bcontractors?\b|\bcontracted\b"),
    ("leaders", r"\bSLT\b|\bSMT\b|\bleadership\b|\bsenior leaders?\b|\bhead ?teacher\b|\bprincipal\b"),
    ("school", r"^(?:the |our )?(?:school|trust|academy)\b(?!\s+\w*\s*(?:staff|network|email|computers?|logo))|\bwe\b"),
    ("everyone", r"\b(?:every|any)one\b|\ball (?:users|representatives|members of the\b[^.]*\bcommunity)\b"),
)  # fmt: skip
_ACTED_ON = re.compile(
    r"\b(?:with|of|to|about|from|for|between)\s+(?:any\s+|the\s+)?(?:pupils?|students?|parents?)\b", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"^(?P<subject>.{0,160}?)\b(?:must|should|shall|will|may|can|cannot|are|is|need|needs|has|have|do|does)\b",
    re.IGNORECASE,
)


def ask(text: str) -> str:
    """The role (of `model.ASKABLE`) a sentence plainly sends one to, or an empty string."""
    small = text.lower()
    if not any(hint in small for hint in _HINTS):
        return ""
    best: tuple[int, str] = (len(text), "")
    for role, pattern in _ROLES:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            if match.start() < best[0] and _CUE.search(text[: match.start()][-90:]):
                best = (match.start(), role)
                break
    return best[1]


def binds(sentences: list[str], heading: str) -> tuple[str, ...]:
    """The groups (of `model.BINDS`) that stand before the verb, else those the heading names."""
    named: list[str] = []
    for sentence in sentences:
        if subject := _SUBJECT.match(sentence):
            acting = _ACTED_ON.sub(" ", subject["subject"])
            named += [group for group in _groups(acting) if group not in named]
    return tuple(named) or tuple(_groups(heading))


def _groups(text: str) -> list[str]:
    return [group for group, pattern in _GROUPS if re.search(pattern, text, re.IGNORECASE)]
