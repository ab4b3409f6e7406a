"""Rows that are found by their words."""

from typing import Any, Self

from django.db import models

from tasks.desk.words import words_of


class Searched(models.Model):
    """Keeps the row's words (SearchWord) as its search key changes; a save that leaves the key costs nothing.

    What is written without `save` (a bulk load) fills the words itself: tasks/desk/filling.py.
    """

    _key_of_words: str | None = None

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, then its words where they changed."""
        super().save(*args, **kwargs)
        if self.search_key != self._key_of_words:
            self.keep_words()
            self._key_of_words = self.search_key

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any) -> Self:
        """Remember the key whose words are kept."""
        row = super().from_db(db, field_names, values)
        row._key_of_words = row.__dict__.get("search_key")
        return row

    def searched_text(self) -> str:
        """The text whose words lead here."""
        return self.search_key

    def words_kept(self) -> dict[str, Any]:
        """The fields by which the row's own words are told from others'. Errors: NotImplementedError until said."""
        raise NotImplementedError

    def keep_words(self) -> None:
        """Make the stored words those of the text (one statement where nothing changed, three at most)."""
        table, mine, wanted = self.search_words.model.objects, self.words_kept(), words_of(self.searched_text())
        kept = set(table.filter(**mine).values_list("word", flat=True))
        if kept - wanted:
            table.filter(**mine, word__in=kept - wanted).delete()
        if wanted - kept:
            table.bulk_create(self.search_words.model(**mine, word=word) for word in sorted(wanted - kept))
