"""What is inferred of a clause; unsure is the stricter reading and never a yes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_kb.importing.infer import infer
from policy_kb.importing.modality import NEGATIVE
from policy_kb.load import CONDITIONAL
from policy_kb.model import ASKABLE, BINDS, Verdict


@pytest.mark.parametrize(
    ("text", "verdict", "condition", "asked"),
    [
        ("Staff must not add pupils as friends.", "no", "", ""),
        ("Staff may not add pupils as friends.", "no", "", ""),
        ("Phones can't be used in class.", "no", "", ""),
        ("Personal use in lessons is not permitted.", "no", "", ""),
        ("No one on the staff should ask to see a pupil's page.", "no", "", ""),
        ("Under no circumstances should staff share pictures of pupils.", "no", "", ""),
        ("Never share passwords.", "no", "", ""),
        ("Pupils are prohibited from filming.", "no", "", ""),
        ("School email will not be used for personal accounts.", "no", "", ""),
        ("Staff must not contact pupils unless they are family members.", "no", "unless they are family members", ""),
        ("Staff must obtain the approval of the headteacher before opening an account.", "approval", "", "head"),
        ("Accounts must be approved by the senior leadership team.", "approval", "", "SLT"),
        ("Private browsing is not permitted, unless permission was granted by the Head teacher.", "approval",
         "unless permission was granted by the Head teacher", "head"),
        ("Staff may publish pictures only with the approval of the Principal.", "approval",
         "only with the approval of the Principal", "head"),
        ("Staff may post on the school account without prior approval.", "approval", "without prior approval", ""),
        ("Staff are permitted to email pupils from school accounts.", "yes", "", ""),
        ("Staff may use their phones in the staff room.", "yes", "", ""),
        ("Trip leaders may carry a personal telephone.", "yes", "", ""),
        ("You can charge your own phone in the office.", "yes", "", ""),
        ("Staff may face disciplinary action.", "info", "", ""),
        ("WhatsApp is not used for any business of the school.", "no", "", ""),
        ("Video calls with a pupil need the head's agreement in writing.", "approval", "", "head"),
        ("Reply to a pupil only if they are in an exam year.", "depends", "only if they are in an exam year", ""),
        ("Pupils are encouraged to follow the school.", "yes", "", ""),
        ("Staff may use phones in class if a pupil is ill.", "depends", "if a pupil is ill", ""),
        ("Staff may use phones. However, phones are put away in class.", "depends",
         "However, phones are put away in class", ""),
        ("Staff are advised not to follow past pupils.", "depends", "advised not to follow past pupils", ""),
        ("Anonymous posts are discouraged.", "depends", "discouraged", ""),
        ("Staff should avoid naming the school.", "depends", "should avoid naming the school", ""),
        ("Staff can only use official accounts.", "depends", "only use official accounts", ""),
        ("Staff must report it to the designated safeguarding lead.", "action", "", "DSL"),
        ("Pupils are expected to hand in their phones.", "action", "", ""),
        ("Keep personal numbers private.", "action", "", ""),
        ("If in doubt, staff should speak to their line manager.", "action", "", "line manager"),
        ("Complaints about the head go to the chair of governors.", "info", "", "chair"),
        ("Reading such pages does not need to be approved by the headteacher.", "info", "", ""),
        ("The posts of parents may be seen by anyone.", "info", "", ""),
        ("This policy applies to all staff.", "info", "", ""),
    ],
)  # fmt: skip
def test_verdict_condition_and_whom_to_ask(text: str, verdict: str, condition: str, asked: str) -> None:
    reading = infer(text)
    assert (reading.verdict.value, reading.condition) == (verdict, condition)
    assert not asked or reading.ask == asked


@pytest.mark.parametrize(
    ("text", "lead", "heading", "verdict"),
    [
        ("Post pictures of pupils.", "", "Do Not", "no"),
        ("Share passwords.", "", "The Don'ts", "no"),
        ("Be polite.", "", "Do", "action"),
        ("publish anything that breaks the law", "Accounts must not be used to:", "", "no"),
        ("a private account for pupils", "The following are prohibited:", "", "no"),
        ("use a phone in the staff room", "Staff may:", "", "yes"),
        ("use a phone in class if a pupil is ill", "Staff may:", "", "depends"),
        ("use a phone in class but not in assembly", "Staff may:", "", "depends"),
        ("a new account", "The following require the approval of the head:", "", "approval"),
        ("lock their phones away", "Staff must:", "", "action"),
        ("Promote safe use", "Our policy aims to:", "", "info"),
    ],
)
def test_lead_ins_and_headings_carry_over_to_their_bullets(text: str, lead: str, heading: str, verdict: str) -> None:
    assert infer(text, lead, heading).verdict.value == verdict


def test_whom_a_clause_binds_is_its_subject_else_its_heading() -> None:
    assert [
        infer("Staff and governors must report contact with pupils.").binds,
        infer("Pupils must not contact staff.").binds,
        infer("Phones must be off.", heading="Guidance for pupils").binds,
        infer("Phones must be off.").binds,
    ] == [("staff", "governors"), ("pupils",), ("pupils",), ()]


_WORDS = st.sampled_from(
    "staff pupils must may not never unless until only if the head approval permission are permitted encouraged to use "
    "phones without . , However except when is allowed can cannot no accounts".split()
)


@given(st.lists(_WORDS, min_size=1, max_size=25).map(" ".join))
def test_no_sentence_with_a_negation_or_a_condition_is_ever_a_yes(text: str) -> None:
    reading = infer(text)
    assert set(reading.binds) <= set(BINDS) and reading.ask in ("", *ASKABLE)
    assert reading.condition or reading.verdict is not Verdict.DEPENDS
    if reading.verdict is Verdict.YES:
        permits = [
            part
            for part in text.split(".")
            if "permitted" in part or "allowed" in part or "may" in part or "can" in part
        ]
        assert (
            not all(NEGATIVE.search(part) or CONDITIONAL.search(part) for part in permits or ["not"])
            or "encouraged" in text
        )
