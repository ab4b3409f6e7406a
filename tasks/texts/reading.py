"""What pages show of a document's text: where its tasks stand in it, its versions, what changed between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from tasks.models import Directive, DirectiveTask, DirectiveText, TaskSpan
from tasks.rounds.differences import ADDED, REMOVED, Piece, words_of
from tasks.textcleaning import Span, paragraphs, sentences
from tasks.texts.moving import Mover

# So many changed passages are shown of one version; a text that is another one altogether is read by itself.
MOST_CHANGES = 200
# So many sentences are offered for a task whose words are gone, likeliest first.
MOST_NEAR = 12


@dataclass(frozen=True)
class Mark:
    """Where a task's words stand in a text."""

    start: int
    end: int
    task: DirectiveTask


def marks_on(text: DirectiveText) -> list[Mark]:
    """Where the tasks of the document stand in this version, in the order of the tasks.

    Tasks keep the version they were made from; in another one they are shown where the same words stand once. One
    statement, a second one where there are tasks of another version.
    """
    spans = list(
        TaskSpan.objects.filter(task__directive=text.directive_id)
        .select_related("task")
        .order_by("task__order", "task", "start")
    )
    movers = _movers(text, {span.text_id for span in spans} - {text.pk})
    marks = []
    for span in spans:
        mover = movers.get(span.text_id)
        place = mover.exact(span.start, span.end) if mover else (span.start, span.end)
        if place is not None:
            marks.append(Mark(*place, span.task))
    return marks


def _movers(text: DirectiveText, others: set[int]) -> dict[int, Mover]:
    """Id of another version → what finds its words in this one; no statement where there is none."""
    if not others:
        return {}
    rows = DirectiveText.objects.filter(pk__in=others).values_list("pk", "body")
    return {pk: Mover(body, text.body) for pk, body in rows}


def waiting_for_marks(directive: Directive) -> list[DirectiveTask]:
    """The tasks of a draft whose words do not stand in its newest text any more, each with `old_words`; two statements."""
    text = directive.current_text
    if text is None or not directive.is_draft:
        return []
    spans = TaskSpan.objects.filter(task__directive=directive).exclude(text=text).select_related("task", "text")
    found: dict[int, DirectiveTask] = {}
    for span in spans.order_by("task__order", "start"):
        task = found.setdefault(span.task_id, span.task)
        task.old_words = [*getattr(task, "old_words", []), span.text.body[span.start : span.end]]
    return list(found.values())


# --- versions ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One changed passage, word by word; `line` is its first line in the newer text, from 1."""

    line: int
    pieces: list[Piece]


@dataclass(frozen=True)
class Version:
    """One version with what it changed; `more` passages are not shown."""

    text: DirectiveText
    changes: list[Change] = field(default_factory=list)
    more: int = 0


def versions_of(directive: Directive) -> list[Version]:
    """All versions, newest first, each with what it changed against the one before; one statement."""
    texts = list(directive.texts.select_related("source_file", "added_by").order_by("version"))
    first = [Version(texts[0])] if texts else []
    later = []
    for old, new in pairwise(texts):
        changes = list(changes_between(old.body, new.body))
        later.append(Version(new, changes[:MOST_CHANGES], max(0, len(changes) - MOST_CHANGES)))
    return [*first, *later][::-1]


def changes_between(old: str, new: str) -> Iterator[Change]:
    """The passages in which two texts differ, in order. Empty lines do not count."""
    before, after = (_lines(body) for body in (old, new))
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            continue
        was, now = "\n".join(before[a:b]), "\n".join(after[c:d])
        pieces = words_of(was, now) if was and now else [Piece(ADDED, now) if now else Piece(REMOVED, was)]
        yield Change(c + 1, pieces)


def _lines(body: str) -> list[str]:
    return [body[start:end] for start, end in paragraphs(body)]


# --- marking again ----------------------------------------------------------------------------------


def near_sentences(text: DirectiveText, words: str) -> list[tuple[Span, str]]:
    """The sentences of a text that are most like these words, in the order of the text."""
    wanted = set(words.casefold().split())
    scored = []
    for start, end in sentences(text.body):
        here = set(text.body[start:end].casefold().split())
        scored.append((len(wanted & here) / len(wanted | here), (start, end)))
    best = sorted(place for _, place in sorted(scored, key=lambda row: (-row[0], row[1]))[:MOST_NEAR])
    return [((start, end), text.body[start:end]) for start, end in best]
