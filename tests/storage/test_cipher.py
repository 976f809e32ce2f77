"""What is sealed opens in its own place, with its own keys, and nowhere else."""

import shutil
import traceback
from base64 import b64decode
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case import Keyed
from bot.domain.ports import CannotOpen, Envelope, KeyMissing, Opener, Sealer, Wrap
from bot.errors import InputError
from bot.storage.cipher import BLOCK, Box, PrivateOpener, PublicSealer, recover, unlock
from bot.storage.keys import Keys
from bot.talk.sealed import Sealed

PHRASE, NEW_PHRASE = "lantern-of-the-moor", "a newer and longer phrase"
# Built from parts, so that the word itself stands in no source line that a traceback could quote.
CANARY = "-".join(("canary", "in", "the", "text"))
PLACE = ("whgs", "D-7/1")
TODAY = date(2026, 11, 21)
ANY_TEXT = st.text(st.characters(), max_size=600)


class Ring:
    """The keys of two schools, and openers for one of them."""

    def __init__(self, folder: Path, recovery: Sealed, openers: dict[str, PrivateOpener]) -> None:
        self.keys = Keys(folder)
        self.recovery = recovery
        self.sealer = PublicSealer(self.keys)
        self.openers = openers

    def seal(self, text: str = CANARY, period: str = "open-2026") -> Envelope:
        return self.sealer.seal(*PLACE, Sealed(text), period)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Ring:
    """Made once: a phrase is slow on purpose."""
    keys, kept = Keys(tmp_path_factory.mktemp("made") / "keys"), list[Sealed]()
    keys.make_recovery(kept.append)
    for school in ("whgs", "emlm"):
        keys.make(school, Sealed(PHRASE))
        keys.prepare(school, TODAY)
    return _ring(keys.folder, kept[0])


@pytest.fixture
def ring(made: Ring, tmp_path: Path) -> Ring:
    folder = Path(shutil.copytree(made.keys.folder, tmp_path / "keys"))
    return _ring(folder, made.recovery)


def _ring(folder: Path, recovery: Sealed) -> Ring:
    keys = Keys(folder)
    openers = {"case": unlock(keys, "whgs", Sealed(PHRASE)), "recovery": recover(keys, recovery)}
    return Ring(folder, recovery, openers)


def read(opener: PrivateOpener, envelope: Envelope, school: str = "whgs", label: str = "D-7/1") -> str:
    """The text, or the sentence that refuses it."""
    try:
        return opener.open(school, label, envelope).reveal()
    except CannotOpen as refused:
        return str(refused)


FIRST_BODY = (
    "X0LxZFW0mHDCYI8JVendV3yp0pwAlydYrgcLk9LVvfcpY6TgRRVhILaMIJNJCW2YH+S8Fu9/Y03p32Kt34VQhIRkm99pvOcqzmQJ"
    "u4WptDRbQbfyCfquyPgsvJN90KPl9ZOF3QMRwDH1eTUJ3aX7vs9BtknIkIsitmtSU39ETCeCxzyzwp9DvMlMrotpKtjzpJC6JzIu"
    "eGA+WxOEQQnZpa8UU88nFe5XvtvrV4aQwAo2uc1b7oLNjThDEL5IRUh0okOrIMHX6D211bARn8bLI0DOWoWoLgTHQQg51N2aFhXD"
    "C648qWxwL/Fkb6Pb2cJApDX/ra5WPS0VmM8xAKiWSUd1ID7L95FyfLipiXD/A8w35nz4I1iU5Yxbfso="
)
FIRST_WRAP = (
    "d9CYsFR+sNQKPygMnHBr7YVg77McGruuZ6lKSX5HNmSWASal1tyAnV6cpzjOvShlhC2z3N8UdQZTJvO4fcG0jaLZgAlM5VfGC/aj"
    "ymhZ/Oaq/R/9dpsDjDJde9KHHjYnlRWboDH9pLreMIZEhC2CiG3kBhpNRygm4CRFRKSUagQ="
)

CHANGED = "It was changed, or it belongs elsewhere."
NO_KEY = "It was closed with a key that is not here."
NO_PERIOD = "The key of this period is not here."


def test_they_are_the_ports_that_the_rules_ask_for(made: Ring) -> None:
    sealer: Sealer = made.sealer
    opener: Opener = made.openers["case"]

    assert opener.open(*PLACE, sealer.seal(*PLACE, Sealed(CANARY), "open-2026")).reveal() == CANARY


@given(text=ANY_TEXT)
def test_any_text_comes_back_whole_to_both_holders(made: Ring, text: str) -> None:
    envelope = made.seal(text)

    assert {holder: read(opener, envelope) for holder, opener in made.openers.items()} == {
        "case": text,
        "recovery": text,
    }


def test_an_envelope_names_its_keys_and_shows_nothing_else(made: Ring) -> None:
    envelope = made.seal()

    assert (envelope.period, [(wrap.holder, wrap.key_id, wrap.suite) for wrap in envelope.wraps]) == (
        "open-2026",
        [
            ("case", "case-1", "hpke-x25519-sha256-aes256gcm"),
            ("recovery", "recovery", "hpke-x25519-sha256-aes256gcm"),
        ],
    )
    assert CANARY not in repr(envelope)


def test_texts_up_to_a_block_all_look_alike(made: Ring) -> None:
    sizes = {length: len(made.seal("x" * length).body) - 28 for length in (0, 1, 252, 253, 508, 3000)}

    assert sizes == {0: BLOCK, 1: BLOCK, 252: BLOCK, 253: 2 * BLOCK, 508: 2 * BLOCK, 3000: 12 * BLOCK}


def test_the_same_text_is_never_sealed_alike(made: Ring) -> None:
    sealed = [made.seal() for _ in range(20)]

    assert len({one.body for one in sealed} | {wrap.wrapped for one in sealed for wrap in one.wraps}) == 60


@pytest.mark.parametrize("holder", ["case", "recovery"])
def test_an_envelope_opens_in_no_other_place(made: Ring, holder: str) -> None:
    envelope, opener = made.seal(), made.openers[holder]
    elsewhere = replace(envelope, period="open-2027")

    assert {
        "another school": read(opener, envelope, school="emlm"),
        "another label": read(opener, envelope, label="D-7/2"),
        "another period": read(opener, elsewhere),
        "no school": read(opener, envelope, school="../whgs"),
        "here": read(opener, envelope),
    } == {
        "another school": CHANGED,
        "another label": CHANGED,
        "another period": CHANGED,
        "no school": CHANGED,
        "here": CANARY,
    }


@pytest.mark.parametrize("holder", ["case", "recovery"])
def test_no_part_of_an_envelope_fits_another_of_the_same_place(made: Ring, holder: str) -> None:
    one, other, opener = made.seal(), made.seal(), made.openers[holder]
    swapped = tuple(replace(wrap, holder=pair.holder, key_id=pair.key_id) for wrap, pair in _crossed(one))

    assert [
        read(opener, replace(one, body=other.body)),
        read(opener, replace(one, wraps=other.wraps)),
        read(opener, replace(one, wraps=swapped)),
    ] == [CHANGED] * 3


def _crossed(envelope: Envelope) -> list[tuple[Any, Any]]:
    return list(zip(envelope.wraps, reversed(envelope.wraps), strict=True))


@pytest.mark.parametrize("holder", ["case", "recovery"])
def test_every_changed_byte_is_refused(made: Ring, holder: str) -> None:
    envelope, opener = made.seal(), made.openers[holder]
    wrap = next(wrap for wrap in envelope.wraps if wrap.holder == holder)
    bodies = [replace(envelope, body=body) for body in _changed(envelope.body)]
    wraps = [replace(envelope, wraps=(replace(wrap, wrapped=data),)) for data in _changed(wrap.wrapped)]

    assert (len(bodies), len(wraps)) == (1 + 284 * 2, 1 + 128 * 2)
    assert {read(opener, changed) for changed in bodies + wraps} == {CHANGED}


def _changed(data: bytes) -> list[bytes]:
    """The data with one bit of each byte turned, cut at every length, and one byte longer."""
    flipped = [data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :] for at in range(len(data))]
    return [*flipped, *(data[:end] for end in range(len(data))), data + b"\0"]


@pytest.mark.parametrize("change", [{"suite": "hpke-next"}, {"key_id": "case-9"}, {"holder": "recovery"}])
def test_a_wrap_of_another_suite_key_or_holder_is_not_tried(made: Ring, change: dict[str, str]) -> None:
    envelope = made.seal()
    wraps = (replace(envelope.wraps[0], **change),)  # type: ignore[arg-type]

    assert read(made.openers["case"], replace(envelope, wraps=wraps)) == NO_KEY


def test_one_school_cannot_open_what_another_sealed(made: Ring) -> None:
    envelope = made.sealer.seal("emlm", "D-7/1", Sealed(CANARY), "open-2026")

    assert (
        read(made.openers["case"], envelope, school="emlm"),
        read(made.openers["recovery"], envelope, school="emlm"),
    ) == (CHANGED, CANARY)


def test_without_the_key_of_its_period_nobody_opens_a_text(ring: Ring) -> None:
    lost, kept = ring.seal(), ring.seal(period="open-2027")
    ring.keys.destroy("whgs", "open-2026", TODAY)

    assert {holder: (read(opener, lost), read(opener, kept)) for holder, opener in ring.openers.items()} == {
        "case": (NO_PERIOD, CANARY),
        "recovery": (NO_PERIOD, CANARY),
    }


def test_a_text_that_moved_lives_and_dies_with_its_new_period(ring: Ring) -> None:
    before = ring.seal()
    after = ring.openers["case"].move(*PLACE, before, "until-2051")
    ring.keys.destroy("whgs", "open-2026", TODAY)

    assert (after.body == before.body, after.period) == (True, "until-2051")
    assert [read(opener, after) for opener in ring.openers.values()] == [CANARY] * 2
    assert [read(opener, before) for opener in ring.openers.values()] == [NO_PERIOD] * 2
    ring.keys.destroy("whgs", "until-2051", TODAY)
    assert [read(opener, after) for opener in ring.openers.values()] == [NO_PERIOD] * 2


def test_a_text_cannot_move_to_a_period_that_was_destroyed(ring: Ring) -> None:
    ring.keys.destroy("whgs", "open-2027", TODAY)

    with pytest.raises(KeyMissing, match=r"^The key of this period was destroyed\.$"):
        ring.openers["case"].move(*PLACE, ring.seal(), "open-2027")


def test_rotation_puts_texts_under_the_new_key_without_touching_them(ring: Ring) -> None:
    before, old = ring.seal(), ring.openers["case"]
    ring.keys.rotate("whgs", Sealed(NEW_PHRASE))
    new = unlock(ring.keys, "whgs", Sealed(NEW_PHRASE))
    after = old.rewrap(*PLACE, before)

    assert (after.body, after.period, [wrap.key_id for wrap in after.wraps]) == (
        before.body,
        "open-2026",
        ["case-2", "recovery"],
    )
    assert {
        "old key, old wraps": read(old, before),
        "old key, new wraps": read(old, after),
        "new key, old wraps": read(new, before),
        "new key, new wraps": read(new, after),
        "new key, sealed since": read(new, ring.seal()),
        "both phrases, old wraps": read(unlock(ring.keys, "whgs", Sealed(PHRASE), Sealed(NEW_PHRASE)), before),
        "recovery": read(ring.openers["recovery"], after),
    } == {
        "old key, old wraps": CANARY,
        "old key, new wraps": NO_KEY,
        "new key, old wraps": NO_KEY,
        "new key, new wraps": CANARY,
        "new key, sealed since": CANARY,
        "both phrases, old wraps": CANARY,
        "recovery": CANARY,
    }


def test_texts_of_a_destroyed_period_can_still_be_rewrapped_and_stay_closed(ring: Ring) -> None:
    envelope = ring.seal()
    ring.keys.destroy("whgs", "open-2026", TODAY)

    assert read(ring.openers["case"], ring.openers["case"].rewrap(*PLACE, envelope)) == NO_PERIOD


def test_a_text_is_not_rewrapped_for_another_place(ring: Ring) -> None:
    with pytest.raises(CannotOpen):
        ring.openers["case"].rewrap("whgs", "D-8/1", ring.seal())


def test_the_recovery_key_gives_a_school_back_its_texts_when_the_phrase_is_lost(ring: Ring) -> None:
    before = ring.seal()
    ring.keys.rotate("whgs", Sealed(NEW_PHRASE))
    after = ring.openers["recovery"].rewrap(*PLACE, before)

    assert read(unlock(ring.keys, "whgs", Sealed(NEW_PHRASE)), after) == CANARY


def test_no_other_key_passes_for_the_recovery_key(made: Ring, tmp_path: Path) -> None:
    other = list[Sealed]()
    Keys(tmp_path / "keys").make_recovery(other.append)
    for private in (other[0], Sealed("nothing"), Sealed("")):
        with pytest.raises(InputError, match=r"^This is not the recovery key of this installation\.$"):
            recover(made.keys, private)


def test_sealing_reads_no_private_key(ring: Ring) -> None:
    away = {path: path.read_bytes() for path in ring.keys.folder.rglob("*.pem")}
    for path in away:
        path.unlink()
    envelope = ring.seal()
    assert [path for path in away if path.exists()] == []

    for path, data in away.items():
        path.write_bytes(data)
    assert read(ring.openers["case"], envelope) == CANARY


def test_what_the_first_release_sealed_still_opens(ring: Ring) -> None:
    recovery, period = (X25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 3))
    (ring.keys.folder / "whgs" / "periods" / "open-2026.pem").write_bytes(_pem(period))
    wrap = Wrap("recovery", "recovery", "hpke-x25519-sha256-aes256gcm", b64decode(FIRST_WRAP))
    opener = PrivateOpener(ring.keys, "recovery", {"recovery": recovery})

    assert read(opener, Envelope(b64decode(FIRST_BODY), "open-2026", (wrap,))) == "Said in the first release."


def _pem(key: X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_a_report_in_a_new_year_makes_the_key_it_needs(ring: Ring) -> None:
    envelope = ring.seal(period="open-2040")

    assert [read(opener, envelope) for opener in ring.openers.values()] == [CANARY] * 2


def test_without_a_recovery_key_the_case_key_still_takes_reports(ring: Ring) -> None:
    (ring.keys.folder / "recovery.pub").unlink()
    envelope = ring.seal()

    assert ([wrap.holder for wrap in envelope.wraps], read(ring.openers["case"], envelope)) == (["case"], CANARY)


@pytest.mark.parametrize(
    ("school", "period"), [("rmet", "open-2026"), ("../whgs", "open-2026"), ("whgs", "../x"), ("whgs", "open-2027")]
)
def test_nothing_is_sealed_where_a_key_is_missing_and_the_fault_shows_no_text(
    ring: Ring, school: str, period: str
) -> None:
    ring.keys.destroy("whgs", "open-2027", TODAY)

    with pytest.raises(KeyMissing) as refused:
        ring.sealer.seal(school, "D-7/1", Sealed(CANARY), period)

    assert CANARY not in _told(refused.value)


def test_a_refused_opening_shows_no_text_and_no_key(ring: Ring) -> None:
    envelope = ring.seal()
    broken = replace(envelope, body=envelope.body[:-1] + b"\0\0")
    ring.keys.period("whgs", "open-2027")
    with pytest.raises(CannotOpen) as refused:
        ring.openers["case"].open(*PLACE, broken)

    told = _told(refused.value)
    assert (CANARY in told, "PRIVATE" in told, refused.value.__context__) == (False, False, None)


def _told(fault: BaseException) -> str:
    """All that a careless log could say of a fault."""
    return repr(fault) + "".join(traceback.TracebackException.from_exception(fault, capture_locals=True).format())


def test_keyed_names_are_the_known_ones(ring: Ring) -> None:
    (ring.keys.folder / "whgs" / "secret").write_bytes(bytes(range(32)))

    assert ring.sealer.keyed("whgs", ["dsl", "head"]) == Keyed(
        {"dsl": "a8f97be11982618f829b589d52553c4c", "head": "ce4ec41773cebed7c6c8e80b3b7442f5"}
    )


def test_a_person_has_another_keyed_name_at_another_school(made: Ring) -> None:
    names = [made.sealer.keyed(school, ["dsl"]).of("dsl") for school in ("whgs", "whgs", "emlm")]

    assert (names[0] == names[1], names[0] == names[2], [len(name) for name in names]) == (True, False, [32] * 3)


def test_there_are_no_keyed_names_without_a_secret(ring: Ring) -> None:
    with pytest.raises(KeyMissing):
        ring.sealer.keyed("rmet", ["dsl"])


@given(text=ANY_TEXT, place=st.text(max_size=20))
def test_what_is_put_in_a_box_comes_back_from_its_place(text: str, place: str) -> None:
    box = Box(bytes(range(32)))

    assert box.take(box.put(Sealed(text), place), place).reveal() == text


def test_a_box_refuses_another_place_another_key_and_every_changed_byte() -> None:
    box = Box(bytes(32))
    closed = box.put(Sealed(CANARY), "draft/1")
    attempts = [(box, closed, "draft/2"), (Box(bytes(31) + b"\1"), closed, "draft/1")]
    attempts += [(box, changed, "draft/1") for changed in _changed(closed)]
    for opened, data, place in attempts:
        with pytest.raises(CannotOpen, match=f"^{CHANGED}$"):
            opened.take(data, place)
    assert (len(attempts), CANARY.encode() in closed, box.take(closed, "draft/1").reveal()) == (571, False, CANARY)


def test_nothing_that_holds_a_key_shows_it(made: Ring) -> None:
    shown = f"{Box(b'k' * 32)!r} {made.sealer!r} {made.openers!r} {made.keys!r}"

    assert ("kkkk" in shown, "PRIVATE" in shown) == (False, False)
