"""What is kept for how long, when a person looks at it, and that no date deletes anything."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain import retention
from bot.domain.case import Case, State
from bot.domain.people import Role
from bot.domain.retention import Retention, read_retentions, retain, reviews_due, still_under

DATA = tomllib.loads(Path(retention.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
RETENTIONS = read_retentions(DATA)
CLOSED_ON = date(2026, 11, 23)
CHILD, ADULT, ELDER = date(2015, 5, 4), date(1990, 2, 3), date(1962, 2, 3)
KINDS = ("reported-contact", "child-concern", "adult-concern", "online-incident", "radicalisation")


@pytest.mark.parametrize(
    ("kind", "level", "outcome", "born", "class_id", "review_on"),
    [
        ("child-concern", "", "child-protection", CHILD, "child-file", date(2040, 12, 31)),
        ("child-concern", "", "early-help", None, "child-file", date(2051, 11, 23)),
        ("radicalisation", "", "referred", CHILD, "child-file", date(2040, 12, 31)),
        ("reported-contact", "", "child-protection", CHILD, "child-file", date(2040, 12, 31)),
        ("adult-concern", "harm-threshold", "substantiated", ADULT, "allegation", date(2057, 12, 31)),
        ("adult-concern", "harm-threshold", "unsubstantiated", ELDER, "allegation", date(2036, 11, 23)),
        ("adult-concern", "", "unfounded", None, "allegation", date(2036, 11, 23)),
        ("child-concern", "harm-threshold", "referred", None, "allegation", date(2036, 11, 23)),
        ("adult-concern", "", "referred", None, "allegation", date(2036, 11, 23)),
        ("adult-concern", "harm-threshold", "malicious", ADULT, "malicious-or-false", CLOSED_ON),
        ("adult-concern", "harm-threshold", "false", None, "malicious-or-false", CLOSED_ON),
        ("adult-concern", "low-level", "resolved", ADULT, "low-level", date(2033, 11, 23)),
        ("reported-contact", "", "resolved", None, "contact-or-incident", date(2032, 11, 23)),
        ("online-incident", "", "resolved", CHILD, "contact-or-incident", date(2032, 11, 23)),
        ("adult-concern", "", "no-further-action", None, "no-further-action", date(2032, 11, 23)),
        ("child-concern", "", "no-further-action", CHILD, "no-further-action", date(2032, 11, 23)),
    ],
)
def test_each_kind_and_outcome_has_its_class_and_its_review(
    kind: str, level: str, outcome: str, born: date | None, class_id: str, review_on: date
) -> None:
    kept = retain(RETENTIONS, kind, level, outcome, CLOSED_ON, born)
    assert kept == Retention(class_id, review_on, f"until-{review_on.year}")


def test_a_review_never_comes_before_the_closing() -> None:
    assert (
        retain(RETENTIONS, "child-concern", "", "child-protection", CLOSED_ON, date(1990, 1, 1)).review_on == CLOSED_ON
    )


def test_somebody_born_on_29_february_is_reviewed_a_day_later_and_not_earlier() -> None:
    kept = retain(RETENTIONS, "child-concern", "", "child-protection", CLOSED_ON, date(2012, 2, 29))
    assert kept == Retention("child-file", date(2037, 12, 31), "until-2037")


def test_what_no_rule_names_is_kept_longest() -> None:
    assert retain(RETENTIONS, "something-new", "", "", CLOSED_ON).class_id == "child-file"


def test_every_class_says_what_it_rests_on_and_what_a_person_checks() -> None:
    unsaid = [
        name for name, kept in RETENTIONS.classes.items() if not (kept.guidance and kept.source and kept.check.strip())
    ]
    assert (RETENTIONS.version, unsaid) == ("england-2025-09", [])


def test_every_class_is_used() -> None:
    assert {rule.class_id for rule in RETENTIONS.rules} == set(RETENTIONS.classes)


@pytest.mark.parametrize("rules", [[{"class": "unheard-of"}], [{"class": "child-file", "kinds": ["child-concern"]}]])
def test_a_rule_without_a_class_and_a_case_without_a_rule_are_refused(rules: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError):
        read_retentions({**DATA, "rule": rules})


def test_over_eighty_years_each_class_comes_up_on_its_day_and_never_before() -> None:
    cases = [
        _closed(kind, outcome) for kind in KINDS for outcome in ("substantiated", "false", "", "no-further-action")
    ]
    seen: dict[str, date] = {}
    for days in range(80 * 366):
        today = date.fromordinal(CLOSED_ON.toordinal() + days)
        if today.day in (22, 23):
            seen |= {case.ref: today for case in reviews_due(cases, today) if case.ref not in seen}
    assert seen == {case.ref: date.fromisoformat(case.review_on) for case in cases}


def test_a_hold_does_not_hide_a_case_from_review() -> None:
    held = replace(_closed("online-incident", ""), hold=True)
    assert reviews_due([held], date(2040, 1, 1)) == (held,)


def test_only_closed_cases_come_up_and_the_longest_due_comes_first() -> None:
    six, ten = _closed("online-incident", ""), _closed("adult-concern", "")
    others = [replace(six, state=state, ref=state) for state in State if state is not State.CLOSED]
    assert reviews_due([ten, *others, six], date(2036, 11, 23)) == (six, ten)
    assert reviews_due([ten, *others, six], date(2036, 11, 22)) == (six,)


def test_the_key_of_a_period_is_needed_until_every_case_under_it_is_deleted() -> None:
    held, ended = replace(_closed("online-incident", ""), hold=True), _closed("reported-contact", "")
    other = _closed("adult-concern", "")
    assert still_under([held, ended, other], "until-2032") == ("online-incident/", "reported-contact/")
    assert still_under([held, replace(ended, state=State.DELETED), other], "until-2032") == ("online-incident/",)
    assert still_under([replace(held, state=State.DELETED), other], "until-2032") == ()


def _closed(kind: str, outcome: str) -> Case:
    kept = retain(RETENTIONS, kind, "", outcome, CLOSED_ON)
    return Case(
        ref=f"{kind}/{outcome}",
        school="whgs",
        kind=kind,
        state=State.CLOSED,
        opened=datetime(2026, 11, 2, 9, tzinfo=UTC),
        ladder=((Role.DSL,),),
        reached=1,
        reporter="k-teacher",
        outcome=outcome,
        retention=kept.class_id,
        review_on=kept.review_on.isoformat(),
        period=kept.period,
    )
