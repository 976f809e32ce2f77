"""Law 8: what is documented exists, and what exists is documented."""

import argparse
import re
from pathlib import Path

from cogapp import Cog

from bot.cli.parser import build
from bot.conversation.forms import FORMS
from bot.settings import PREFIX, names
from intents.catalogue import catalogue
from policy_kb.load import PACKS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tables_of_the_readme_are_up_to_date() -> None:
    cog = Cog()
    assert cog.main(["cog", "--check", "-r", str(ROOT / "README.md")]) == 0


def test_every_command_in_the_readme_exists_and_every_command_is_in_it() -> None:
    named = set(re.findall(r"^\| `signpost ?([a-z -]*)`", README, re.MULTILINE))
    assert named == {" ".join(words) for words in _commands(build())}


def test_every_setting_in_the_readme_exists_and_every_setting_is_in_it() -> None:
    named = set(re.findall(rf"`({PREFIX}[A-Z_]+|DATABASE_URL)`", README))
    assert named == set(names().values())


def test_every_pack_is_in_the_readme() -> None:
    named = set(re.findall(r"^\| `([a-z]+)` \| .* \| \d{4}-\d\d \|", README, re.MULTILINE))
    assert named == {path.stem for path in PACKS.glob("*.toml")}


def test_every_intent_has_phrasings_and_every_phrasing_an_intent() -> None:
    shared = catalogue()
    assert {example.label for example in shared.phrasings} == set(shared.intents)


def test_every_kind_that_a_pack_leads_to_exists_and_every_form_has_its_own_name() -> None:
    kinds = set(catalogue().kinds)
    used = {
        kind
        for path in PACKS.glob("*.toml")
        for kind in re.findall(r'^(?:form|disclosure) = "([a-z-]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert (used - kinds, [form_id for form_id, form in FORMS.items() if form.id != form_id]) == (set(), [])


def _commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    below = [_commands(child, (*words, name)) for group in groups for name, child in group.choices.items()]
    return [words, *(found for one in below for found in one)]
