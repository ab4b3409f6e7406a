"""Words of rows that were loaded in bulk, past their `save`."""

from collections.abc import Iterable

from tasks.desk.words import words_of
from tasks.models import Directive, DirectiveTask, SearchWord

BATCH = 2000


def fill_words(directives: Iterable[Directive]) -> int:
    """Write the words of these documents and their tasks, which must have none yet; the number of words."""
    rows = []
    for directive in directives:
        rows += [SearchWord(directive=directive, word=word) for word in sorted(words_of(directive.searched_text()))]
        for task in DirectiveTask.objects.filter(directive=directive):
            task.directive = directive
            rows += [
                SearchWord(directive=directive, task=task, word=word) for word in sorted(words_of(task.searched_text()))
            ]
    SearchWord.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)
