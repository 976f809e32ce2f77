"""`signpost keys`: what a person does once, on the day a school begins or a phrase is lost."""

import json
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.cli import keys as command
from bot.domain.disclosure import FileDisclosure
from bot.domain.ports import CannotOpen
from bot.domain.routing import Reported
from bot.errors import InputError
from bot.settings import read_settings
from bot.storage.cipher import PublicSealer, recover, unlock
from bot.storage.keys import Keys
from bot.talk.sealed import Sealed
from bot.wiring import Installation

EXAMPLE = Path(__file__).parents[2] / "docs" / "schools.example.toml"
PHRASE, NEW_PHRASE = "lantern-of-the-moor", "a newer and longer phrase"
PERIOD = f"open-{date.today().year}"

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as the parser would, on an empty data folder; `typed` is what a person answers, in order."""
    monkeypatch.setenv("SIGNPOST_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("SIGNPOST_KEYS", str(tmp_path / "keys"))
    schools = tmp_path / "schools.toml"
    schools.write_text(EXAMPLE.read_text(encoding="utf-8").replace('id = "oak"', 'id = "whgs"'), encoding="utf-8")
    monkeypatch.setenv("SIGNPOST_SCHOOLS", str(schools))

    def run(name: str, typed: tuple[str, ...] = (), **given: object) -> int:
        answers = iter(typed)

        def answer(question: str) -> str:
            try:
                return next(answers)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr(command, "getpass", answer)
        monkeypatch.setattr("builtins.input", answer)
        defaults = {"school": "whgs", "phrase_file": None, "recovery": None, "json": False, "yes": False}
        defaults |= {"old_phrase_file": None, "resume": False}
        return int(getattr(command, name)(Namespace(**(defaults | given))))

    return run


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "recovery.pem"


def test_a_school_is_made_checked_and_its_recovery_tried(
    run: Run, keys: Keys, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [
        run("make", (PHRASE, PHRASE), recovery=stick),
        run("check"),
        run("recover_test", recovery=stick),
    ]

    assert (codes, f"{stick.stat().st_mode & 0o777:o}") == ([0, 0, 0], "600")
    assert capsys.readouterr().out == (
        f"The recovery key is in {stick}. Move it offline now: it opens every record of every school.\n"
        f"Then try it: signpost keys recover-test --recovery {stick}\n"
        "whgs has its keys. Whoever opens records needs the phrase; it is kept nowhere.\n"
        "The keys are in order.\n"
        "The recovery key opens the records of: whgs.\n"
    )
    envelope = PublicSealer(keys).seal("whgs", "D-7/1", Sealed("words"), PERIOD)
    assert unlock(keys, "whgs", Sealed(PHRASE)).open("whgs", "D-7/1", envelope).reveal() == "words"


def test_the_private_recovery_key_stays_in_no_other_file(run: Run, keys: Keys, stick: Path) -> None:
    run("make", (PHRASE, PHRASE), recovery=stick)
    body = stick.read_text().splitlines()[1]

    assert [path for path in keys.folder.rglob("*") if path.is_file() and body in path.read_text("latin-1")] == []


def test_a_second_school_shares_the_recovery_key(run: Run, keys: Keys, stick: Path) -> None:
    run("make", (PHRASE, PHRASE), recovery=stick)
    run("make", (PHRASE, PHRASE), school="emlm")

    opener = recover(keys, Sealed(stick.read_text()))
    envelope = PublicSealer(keys).seal("emlm", "D-7/1", Sealed("words"), PERIOD)
    assert (keys.schools(), opener.open("emlm", "D-7/1", envelope).reveal()) == (("emlm", "whgs"), "words")


def test_the_first_school_needs_a_place_for_the_recovery_key(run: Run, keys: Keys) -> None:
    with pytest.raises(InputError, match=r"^There is no recovery key yet\. Say where to put it.*--recovery FILE$"):
        run("make", (PHRASE, PHRASE))
    assert keys.schools() == ()


def test_a_file_that_exists_is_never_overwritten_and_nothing_is_made(run: Run, keys: Keys, stick: Path) -> None:
    stick.write_text("something else")

    with pytest.raises(FileExistsError):
        run("make", (PHRASE, PHRASE), recovery=stick)

    assert (stick.read_text(), keys.has_recovery(), keys.schools()) == ("something else", False, ())


def test_a_phrase_is_read_from_a_file_as_it_would_be_typed(run: Run, keys: Keys, stick: Path, tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text(f"{PHRASE}\n")
    run("make", phrase_file=phrase, recovery=stick)

    assert list(keys.unlock("whgs", Sealed(PHRASE))) == ["case-1"]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (
            ("eleven long", "eleven long"),
            "A phrase needs at least 12 characters: four words that do not belong together.",
        ),
        (
            ("   eleven long   ", "   eleven long   "),
            "A phrase needs at least 12 characters: four words that do not belong together.",
        ),
        ((PHRASE, NEW_PHRASE), "The two phrases differ. Nothing was made."),
        ((), "Nobody is here to answer. Use --phrase-file FILE, or --yes to destroy."),
    ],
)
def test_a_phrase_that_will_not_do_makes_nothing(
    run: Run, keys: Keys, stick: Path, typed: tuple[str, ...], problem: str
) -> None:
    with pytest.raises(InputError) as refused:
        run("make", typed, recovery=stick)

    assert (str(refused.value), keys.folder.exists(), stick.exists()) == (problem, False, False)


def test_a_phrase_file_of_other_bytes_is_refused_without_showing_them(run: Run, stick: Path, tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_bytes(b"\xffsecret")

    with pytest.raises(InputError) as refused:
        run("make", phrase_file=phrase, recovery=stick)

    assert (str(refused.value), refused.value.__context__) == (f"{phrase} is not UTF-8 text.", None)


def test_rotation_asks_for_a_phrase_and_makes_the_next_key(
    run: Run, keys: Keys, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("make", (PHRASE, PHRASE), recovery=stick)
    capsys.readouterr()
    run("rotate", (PHRASE, NEW_PHRASE, NEW_PHRASE))

    assert (list(keys.unlock("whgs", Sealed(NEW_PHRASE))), capsys.readouterr().out) == (
        ["case-2"],
        "whgs seals with case-2 from now on; 0 texts are under it as well.\n",
    )


def test_after_a_rotation_every_text_opens_with_the_new_phrase_alone(run: Run, keys: Keys, stick: Path) -> None:
    run("make", (PHRASE, PHRASE), recovery=stick)
    here = Installation(read_settings())
    content = Sealed("canary")
    ref = here.casework.file(FileDisclosure("k", "whgs", "headteacher", Reported("child-concern"), content)).ref
    run("rotate", (PHRASE, NEW_PHRASE, NEW_PHRASE))
    with here.casework.records.work("whgs") as work:
        envelopes = work.envelopes(ref)
    opener = unlock(keys, "whgs", Sealed(NEW_PHRASE))
    assert opener.open("whgs", f"{ref}/1", envelopes[1]).reveal() == "canary"
    assert {wrap.key_id for wrap in envelopes[1].wraps if wrap.holder == "case"} == {"case-2"}


def test_a_key_that_cases_still_need_is_never_destroyed(run: Run, stick: Path) -> None:
    run("make", (PHRASE, PHRASE), recovery=stick)
    order = FileDisclosure("k", "whgs", "headteacher", Reported("child-concern"), Sealed("canary"))
    Installation(read_settings()).casework.file(order)
    with pytest.raises(InputError, match="1 cases still need it"):
        run("destroy", period=PERIOD, yes=True)


@pytest.mark.parametrize("name", ["rotate", "destroy"])
def test_a_school_without_keys_is_said_in_a_sentence(run: Run, name: str) -> None:
    with pytest.raises(InputError, match=r"has no case key\. Make one"):
        run(name, (PHRASE, PHRASE), period=PERIOD, yes=True)


def test_the_check_fails_where_something_is_wrong(
    run: Run, keys: Keys, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = run("check", school=None, json=True), json.loads(capsys.readouterr().out)
    run("make", (PHRASE, PHRASE), recovery=stick)
    (keys.folder / "recovery.pub").unlink()
    capsys.readouterr()
    lost = run("check", school=None), capsys.readouterr().out

    assert (none, lost) == (
        (1, {"problems": ["No school has keys yet."]}),
        (1, "There is no recovery key: a lost phrase would lose every text.\n"),
    )


@pytest.mark.parametrize(("typed", "yes"), [((PERIOD,), False), ((), True)])
def test_a_period_is_destroyed_when_its_name_is_typed_again(
    run: Run, keys: Keys, stick: Path, typed: tuple[str, ...], yes: bool
) -> None:
    run("make", (PHRASE, PHRASE), recovery=stick)
    envelope = PublicSealer(keys).seal("whgs", "D-7/1", Sealed("words"), PERIOD)
    run("destroy", typed, period=PERIOD, yes=yes)

    assert (keys.folder / "whgs" / "periods" / f"{PERIOD}.destroyed").read_text() == f"{date.today()}\n"
    with pytest.raises(CannotOpen):
        recover(keys, Sealed(stick.read_text())).open("whgs", "D-7/1", envelope)


def test_a_period_is_kept_when_anything_else_is_typed(run: Run, keys: Keys, stick: Path) -> None:
    run("make", (PHRASE, PHRASE), recovery=stick)

    with pytest.raises(InputError, match=r"^The key was not destroyed\.$"):
        run("destroy", ("yes",), period=PERIOD)

    assert keys.check("whgs", date.today()) == ()


def test_another_recovery_key_fails_its_test(run: Run, stick: Path, tmp_path: Path) -> None:
    run("make", (PHRASE, PHRASE), recovery=stick)
    other = tmp_path / "other.pem"
    Keys(tmp_path / "elsewhere").make_recovery(lambda private: other.write_text(private.reveal()))

    with pytest.raises(InputError, match=r"^This is not the recovery key of this installation\.$"):
        run("recover_test", recovery=other)
