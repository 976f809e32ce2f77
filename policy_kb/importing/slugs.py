"""Section slugs: a word or two that tell one heading from the others, the same for the same document every time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

_FIXED = (
    (r"frequently asked questions|faqs?\b|q ?& ?a\b|questions and answers", "faq"),
    (r"\bintroduction\b|\bintroductory\b", "intro"),
    (r"\bdo not\b|\bdon['’]t(?!\w)", "dont"),
    (r"['’](?=s\b|\s|$)|['’](?=ts\b)", ""),
    (r"\bcyber[ -](?=\w)", "cyber"),
    (r"\be[ -](?=mail|safety)", "e"),
    (r"\b(child|data|personal data|password) (protection|security)\b", r"\1_\2"),
    (r"\bmobile (phone|device)(s?)\b", r"mobile_\1\2"),
    (r"^(?:managing|management of)\b", "manage"),
    (r"\b(acceptable|former|past) (use|pupils?|students?)\b", r"\1_\2"),
)
_SMALL = set(
    "a about above after all an and any are as at be by can do during for from has have how if in into is it its may "
    "must of on or our part should than that the their them they this to under using via vs versus we what when where "
    "which who why will with within you your".split()
)
_PALE = set(
    "action actions application applications communication communications community concerns considerations "
    "creating dealing framework guidance guidelines handling information issues key media member members "
    "network networking online places platforms policy policies possible potential procedure procedures process "
    "protection requirements rules school schools section site sites social statement use uses using".split()
)
_LEANING = {"manage", "new", "other", "good", "safe", "key", "further", "additional", "wider", "related"}
_LONGEST = 40


def slugs(paths: Sequence[tuple[str, ...]], title: str, given: Mapping[str, str]) -> list[str]:
    """One slug for each path of headings (outermost first), in the same order.

    `given` maps a heading, or a path written `Outer / Inner`, to the slug it shall have. Other headings get the
    fewest of their telling words that no other heading starts with; a clash left over is numbered from 2.
    """
    wanted = {fold(heading): slug for heading, slug in given.items()}
    telling = [_telling(path[-1], title) for path in paths]
    taken: dict[str, int] = {}
    chosen = []
    for index, path in enumerate(paths):
        slug = wanted.get(fold(" / ".join(path))) or wanted.get(fold(path[-1]))
        if not slug:
            slug = _unused(_shortest(index, telling), path, title, taken)
        taken[slug] = taken.get(slug, 0) + 1
        chosen.append(slug)
    return chosen


def fold(heading: str) -> str:
    """A heading as a key: case and spacing do not count."""
    return " ".join(heading.casefold().split()).strip(" :")


def nested(outer: str, inner: str, title: str) -> str:
    """The slug of a part within a section, named after both."""
    return _join([_telling(outer, title)[0], _telling(inner, title)[0]])


def _telling(heading: str, title: str) -> list[str]:
    """The words of a heading that say something, best first kept in order; never empty."""
    text = re.sub(r"\([^)]*\)|[:–—].*", " ", heading) or heading
    every = _words(text) or _words(heading) or ["section"]
    telling = [word for word in every if word not in _SMALL] or every
    named = set(_words(title)) - {"personal", "staff", "pupils", "pupil"}
    return (
        [word for word in telling if word not in _PALE | named]
        or [word for word in telling if word not in named and word != "use"]
        or telling
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'")).encode("ascii", "ignore").decode()
    for pattern, word in _FIXED:
        plain = re.sub(pattern, word, plain)
    return re.findall(r"[a-z0-9_]+", plain)


def _shortest(index: int, telling: Sequence[list[str]]) -> str:
    mine = telling[index]
    others = [words for other, words in enumerate(telling) if other != index]
    least = 2 if mine[0] in _LEANING and len(mine) > 1 else 1
    for count in range(least, len(mine)):
        if not any(words[:count] == mine[:count] for words in others):
            return _join(mine[:count])
    return _join(mine if least < len(mine) else mine[:least])


def _unused(slug: str, path: tuple[str, ...], title: str, taken: Mapping[str, int]) -> str:
    if slug in taken and len(path) > 1:
        slug = nested(path[-2], path[-1], title)
    if slug in taken:
        slug = _join([word for word in _words(path[-1]) if word not in _SMALL][:2])
    if slug not in taken:
        return slug
    return next(f"{slug}-{count}" for count in range(2, len(taken) + 3) if f"{slug}-{count}" not in taken)


def _join(words: Iterable[str]) -> str:
    slug = "-".join(words).replace("_", "-").strip("-")[:_LONGEST].rstrip("-") or "section"
    return slug if re.search("[a-z]", slug) else f"section-{slug}"
