"""The folder of keys: who gets which, what stays secret, and what can be destroyed."""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.domain.ports import KeyMissing
from bot.errors import InputError
from bot.storage.keys import Keys, WrongPhrase, read_private
from bot.talk.sealed import Sealed

PHRASE = "-".join(("crème", "of", "the", "lantern"))
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One school's keys, made once: a phrase is slow on purpose."""
    keys = Keys(tmp_path_factory.mktemp("made") / "keys")
    keys.make_recovery(lambda private: None)
    keys.make("whgs", Sealed(PHRASE))
    keys.prepare("whgs", TODAY)
    return keys.folder


@pytest.fixture
def keys(made: Path, tmp_path: Path) -> Keys:
    return Keys(Path(shutil.copytree(made, tmp_path / "keys")))


def files(keys: Keys) -> dict[str, str]:
    return {
        path.relative_to(keys.folder).as_posix(): f"{path.stat().st_mode & 0o777:o}"
        for path in sorted(keys.folder.rglob("*"))
    }


def public(keys: Keys, school: str, period: str) -> bytes:
    return keys.period(school, period).public_bytes(Encoding.Raw, PublicFormat.Raw)


@pytest.fixture
def generous() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("generous")
def test_every_file_is_for_its_owner_alone_whatever_the_process_allows(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    keys.make_recovery(lambda private: None)
    keys.make("whgs", Sealed(PHRASE))
    keys.prepare("whgs", TODAY)
    keys.destroy("whgs", "open-2026", TODAY)

    assert (f"{keys.folder.stat().st_mode & 0o777:o}", files(keys)) == (
        "700",
        {
            "recovery.pub": "600",
            "whgs": "700",
            "whgs/case-1.pem": "600",
            "whgs/case-1.pub": "600",
            "whgs/periods": "700",
            "whgs/periods/open-2026.destroyed": "600",
            "whgs/periods/open-2027.pem": "600",
            "whgs/periods/open-2027.pub": "600",
            "whgs/secret": "600",
        },
    )


def test_a_school_with_keys_gets_no_new_first_ones(keys: Keys) -> None:
    before = {path: path.read_bytes() for path in keys.folder.rglob("*") if path.is_file()}

    with pytest.raises(InputError, match=r"^whgs has keys already\. They can be rotated, never made anew\.$"):
        keys.make("whgs", Sealed(PHRASE))

    assert {path: path.read_bytes() for path in keys.folder.rglob("*") if path.is_file()} == before


def test_a_school_whose_first_making_was_cut_short_is_made_with_the_same_secret(keys: Keys) -> None:
    (keys.folder / "whgs" / "case-1.pub").unlink()
    secret = keys.secret("whgs", "audit")
    keys.make("whgs", Sealed(PHRASE))

    assert (keys.case("whgs")[0], keys.secret("whgs", "audit") == secret) == ("case-2", True)


def test_the_recovery_key_is_put_away_before_it_counts_and_only_once(tmp_path: Path) -> None:
    keys, kept = Keys(tmp_path / "keys"), list[Sealed]()

    def refuse(private: Sealed) -> None:
        raise OSError("the stick is full")

    with pytest.raises(OSError, match="the stick is full"):
        keys.make_recovery(refuse)
    assert keys.has_recovery() is False

    keys.make_recovery(kept.append)
    with pytest.raises(InputError, match=r"^There is a recovery key already\. It is made once for all schools\.$"):
        keys.make_recovery(kept.append)

    private = read_private(kept[0].reveal().encode())
    assert private is not None
    assert (len(kept), private.public_key() == keys.recovery(), files(keys)) == (1, True, {"recovery.pub": "600"})


def test_the_schools_are_those_with_a_case_key(keys: Keys) -> None:
    (keys.folder / "emlm").mkdir()

    assert (keys.schools(), Keys(keys.folder / "nowhere").schools()) == (("whgs",), ())


def test_derived_keys_are_the_known_ones_and_differ_by_name(keys: Keys) -> None:
    (keys.folder / "whgs" / "secret").write_bytes(bytes(range(32)))

    assert {name: keys.secret("whgs", name).hex() for name in ("audit", "tag", "box")} == {
        "audit": "4de15eafb1883446581f8525a81d1f424d6f06b30e93ed781cc72cd722bb7912",
        "tag": "6745d3888186e50b30c3281f37324e337a85a5b91f0da27801ec8e201fb7af2f",
        "box": "59a5331223f68e68be5c8740fbfdc738dd19d4726615c69c73a308ca82bb3501",
    }


@pytest.mark.parametrize("damage", ["gone", "empty", "short"])
def test_no_key_is_derived_from_a_secret_that_is_not_whole(keys: Keys, damage: str) -> None:
    secret = keys.folder / "whgs" / "secret"
    if damage == "gone":
        secret.unlink()
    else:
        secret.write_bytes(b"" if damage == "empty" else bytes(31))

    with pytest.raises(KeyMissing):
        keys.secret("whgs", "audit")


def test_the_phrase_opens_the_case_key_and_no_other_phrase_does(keys: Keys) -> None:
    opened = keys.unlock("whgs", Sealed(PHRASE))

    assert {key_id: key.public_key() for key_id, key in opened.items()} == {"case-1": keys.case("whgs")[1]}
    with pytest.raises(WrongPhrase, match=r"^The phrase does not open the case key\. Check it and try again\.$"):
        keys.unlock("whgs", Sealed(PHRASE.upper()))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_phrase_counts_as_it_reads_not_as_it_was_typed(keys: Keys, form: str) -> None:
    typed = unicodedata.normalize(form, PHRASE) + "\n"  # type: ignore[arg-type]

    assert list(keys.unlock("whgs", Sealed(typed))) == ["case-1"]


def test_after_rotation_the_new_key_is_current_and_each_keeps_its_phrase(keys: Keys) -> None:
    new = Sealed("a newer and longer phrase")

    assert (keys.rotate("whgs", new), keys.case("whgs")[0]) == ("case-2", "case-2")
    assert list(keys.unlock("whgs", new)) == ["case-2"]
    assert list(keys.unlock("whgs", new, Sealed(PHRASE))) == ["case-1", "case-2"]
    with pytest.raises(WrongPhrase):
        keys.unlock("whgs", Sealed(PHRASE))


def test_the_tenth_key_is_newer_than_the_ninth(keys: Keys) -> None:
    home = keys.folder / "whgs"
    for number in (9, 10):
        shutil.copy(home / "case-1.pub", home / f"case-{number}.pub")

    assert keys.case("whgs")[0] == "case-10"


def test_a_school_without_keys_has_nothing_to_rotate_unlock_or_seal_with(keys: Keys) -> None:
    for act in (
        lambda: keys.rotate("emlm", Sealed(PHRASE)),
        lambda: keys.unlock("emlm", Sealed(PHRASE)),
        lambda: keys.case("emlm"),
        lambda: keys.period("emlm", "open-2026"),
        lambda: keys.destroy("emlm", "open-2026", TODAY),
    ):
        with pytest.raises(KeyMissing):
            act()
    assert not (keys.folder / "emlm").exists()


@pytest.mark.parametrize("name", ["", ".", "..", "../whgs", "whgs/periods", "WHGS", "a b", "a\n", "a\0", "é", "x" * 65])
def test_a_name_that_could_lead_elsewhere_is_refused(keys: Keys, name: str) -> None:
    before = files(keys)
    for act in (
        lambda: keys.make(name, Sealed(PHRASE)),
        lambda: keys.period("whgs", name),
        lambda: keys.period_private("whgs", name),
        lambda: keys.destroy("whgs", name, TODAY),
    ):
        with pytest.raises(KeyMissing):
            act()
    assert files(keys) == before


def test_a_period_gets_its_key_when_it_is_first_needed_and_keeps_it(keys: Keys) -> None:
    first = public(keys, "whgs", "until-2051")

    assert public(keys, "whgs", "until-2051") == first != public(keys, "whgs", "until-2052")
    assert keys.period_private("whgs", "until-2051").public_key().public_bytes_raw() == first


def test_processes_that_need_a_period_at_the_same_moment_get_the_same_key(keys: Keys) -> None:
    start = Barrier(8)

    def need(number: int) -> set[bytes]:
        got = set()
        for year in range(2030, 2050):
            start.wait()
            got.add(bytes([year - 2030]) + public(keys, "whgs", f"open-{year}"))
        return got

    with ThreadPoolExecutor(8) as pool:
        got = set().union(*pool.map(need, range(8)))

    private = {bytes([year - 2030]) + _from_private(keys, f"open-{year}") for year in range(2030, 2050)}
    assert (len(got), got == private, [name for name in files(keys) if "/." in name]) == (20, True, [])


def _from_private(keys: Keys, period: str) -> bytes:
    return keys.period_private("whgs", period).public_key().public_bytes_raw()


def test_a_period_key_that_was_cut_short_is_completed_not_replaced(keys: Keys) -> None:
    before = public(keys, "whgs", "open-2026")
    (keys.folder / "whgs" / "periods" / "open-2026.pub").unlink()

    assert public(keys, "whgs", "open-2026") == before


def test_a_destroyed_period_leaves_its_date_and_never_comes_back(keys: Keys) -> None:
    keys.destroy("whgs", "open-2026", date(2051, 9, 1))

    assert (keys.folder / "whgs" / "periods" / "open-2026.destroyed").read_text() == "2051-09-01\n"
    for act in (
        lambda: keys.period("whgs", "open-2026"),
        lambda: keys.period_private("whgs", "open-2026"),
        lambda: keys.destroy("whgs", "open-2026", date(2060, 1, 1)),
    ):
        with pytest.raises(KeyMissing):
            act()
    assert [name for name in files(keys) if "open-2026" in name] == ["whgs/periods/open-2026.destroyed"]


def test_a_destruction_that_was_cut_short_counts_and_can_be_finished(keys: Keys) -> None:
    periods = keys.folder / "whgs" / "periods"
    (periods / "open-2026.destroyed").write_text("2051-09-01\n")
    for act in (lambda: keys.period("whgs", "open-2026"), lambda: keys.period_private("whgs", "open-2026")):
        with pytest.raises(KeyMissing):
            act()

    keys.destroy("whgs", "open-2026", date(2051, 9, 2))

    assert {path.name: path.read_text() for path in periods.glob("open-2026.*")} == {
        "open-2026.destroyed": "2051-09-01\n"
    }


def test_another_name_of_a_destroyed_file_holds_nothing_either(keys: Keys, tmp_path: Path) -> None:
    other = tmp_path / "other"
    os.link(keys.folder / "whgs" / "periods" / "open-2026.pem", other)
    keys.destroy("whgs", "open-2026", TODAY)

    assert read_private(other.read_bytes()) is None


def test_nothing_is_wrong_with_fresh_keys(keys: Keys) -> None:
    assert keys.check("whgs", TODAY) == ()


def test_the_check_names_everything_that_is_wrong(keys: Keys) -> None:
    home = keys.folder / "whgs"
    (keys.folder / "recovery.pub").unlink()
    (home / "secret").unlink()
    (home / "case-1.pem").unlink()
    (home / "case-1.pub").write_text("nothing")
    home.chmod(0o750)
    (home / "periods" / "open-2026.pem").chmod(0o644)

    assert keys.check("whgs", date(2027, 1, 1)) == (
        "There is no recovery key: a lost phrase would lose every text.",
        "whgs has lost its secret. Bring it back from a backup of the keys.",
        "whgs lacks next year's key, open-2028. It is made at the next start.",
        f"{home}/case-1.pub is damaged. Bring it back from a backup of the keys.",
        f"{home}/case-1.pem is missing: what it closes, it cannot open.",
        f"{home} can be used by others. Allow its owner alone.",
        f"{home}/periods/open-2026.pem can be used by others. Allow its owner alone.",
    )


def test_the_check_of_a_school_without_keys_says_what_to_do(keys: Keys) -> None:
    assert keys.check("emlm", TODAY) == ("emlm has no case key. Make one: signpost keys make --school emlm",)


def test_a_damaged_key_is_missing_not_a_fault(keys: Keys) -> None:
    home = keys.folder / "whgs"
    (home / "case-1.pub").write_text("nothing")
    (home / "periods" / "open-2026.pub").write_bytes(b"\xff")
    (home / "periods" / "open-2027.pem").write_text("nothing")
    for act in (
        lambda: keys.case("whgs"),
        lambda: keys.period("whgs", "open-2026"),
        lambda: keys.period_private("whgs", "open-2027"),
    ):
        with pytest.raises(KeyMissing):
            act()


def test_a_period_key_that_cannot_be_made_is_missing_not_a_fault(keys: Keys) -> None:
    periods = keys.folder / "whgs" / "periods"
    (periods / "until-2051.pem").write_text("nothing")
    with pytest.raises(KeyMissing):
        keys.period("whgs", "until-2051")

    shutil.rmtree(periods)
    with pytest.raises(KeyMissing):
        keys.period("whgs", "open-2026")


def test_the_phrase_is_in_no_file_and_no_message(keys: Keys) -> None:
    with pytest.raises(WrongPhrase) as refused:
        keys.unlock("whgs", Sealed(PHRASE + "x"))
    stored = b"".join(path.read_bytes() for path in keys.folder.rglob("*") if path.is_file())

    assert PHRASE not in f"{refused.value!r} {keys!r}"
    assert [word for word in re.split("-", PHRASE) if len(word) > 3 and word.encode() in stored] == []
