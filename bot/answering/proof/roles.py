"""Who does it to whom: "Google sued Microsoft" is not "Microsoft sued Google". Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from bot.answering.proof.names import Context, parted_by_names
from index.analysis import fold

_FARTHEST: Final = 5
_PASSIVE: Final = frozenset({"by", "par"})
# Neither side is the one who does it, or it is the second: "merged with", "que Google attaque".
_UNDIRECTED: Final = frozenset(
    """and or with versus vs than like as that which whom who et ou avec que qu qui dont comme
    while but mais""".split()
)


class Role(NamedTuple):
    """Somebody does something, by its stem, to somebody; names as their last word, folded."""

    subject: str
    verb: str
    object: str


def roles(
    text: str,
    language: str | None,
    context: Context,
    stems: Callable[[str], Iterable[str]],
) -> set[Role]:
    """Find who does what to whom, where only a few words are between the two.

    Args:
        text: Sentences.
        language: As in `parted_by_names`.
        context: Tells names from other words.
        stems: What a word is in the language that roles are compared in.
    """
    return set(_roles(text, language, context, stems))


def _roles(
    text: str, language: str | None, context: Context, stems: Callable[[str], Iterable[str]]
) -> Iterator[Role]:
    for run in parted_by_names(text, language, context):
        for (first_is_name, first), (_, words), (_, second) in zip(
            run, run[1:], run[2:], strict=False
        ):
            between = [fold(word) for word in words]
            if not first_is_name or len(between) > _FARTHEST or _UNDIRECTED & set(between):
                continue
            subject, target = fold(first[-1]), fold(second[-1])
            if _PASSIVE & set(between):
                subject, target = target, subject
            if subject != target:
                yield from (Role(subject, stem, target) for word in words for stem in stems(word))


def are_exchanged(claimed: set[Role], told: set[Role]) -> bool:
    """Tell whether somebody does what is told only of the other."""
    return any(
        role not in told and Role(role.object, role.verb, role.subject) in told for role in claimed
    )
