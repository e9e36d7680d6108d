"""Where in an article a place lies: in which paragraph, in the headline, in what somebody says."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from stance.attribution.linking import LinkedStatement
from stance.schema import Article, Field, Mention, ParagraphKind, Statement


class Places:
    """Answers for one article.

    Args:
        article: The article, with paragraphs.
        linked: All of its statements.
    """

    def __init__(self, article: Article, linked: Iterable[LinkedStatement]) -> None:
        self._paragraphs = article.paragraphs
        self.starts = [p.start for p in article.paragraphs]
        self._contents = sorted(
            (s.statement.field, *span) for s in linked for span in s.statement.spans
        )

    def in_headline(self, said: Statement) -> bool:
        """Whether a statement stands in the headline."""
        if said.field == "title":
            return True
        i = bisect.bisect_right(self.starts, said.start)
        return i > 0 and self._paragraphs[i - 1].kind is ParagraphKind.HEADLINE

    def paragraph_start(self, mention: Mention) -> int:
        """Returns the offset at which the paragraph of a mention begins."""
        if mention.field == "title":
            return 0
        i = bisect.bisect_right(self.starts, mention.start)
        return self.starts[i - 1] if i else 0

    def is_said(self, place: int, where: Field) -> bool:
        """Whether a place lies inside what somebody says."""
        i = bisect.bisect_right(self._contents, (where, place, 10**12))
        return any(f == where and a <= place < b for f, a, b in self._contents[max(0, i - 4) : i])
