"""Files, web pages, tables and texts → `Article`s with paragraphs."""

from stance.ingest.language import detect_language
from stance.ingest.paragraphs import from_text, with_paragraphs
from stance.ingest.readers import MAX_BYTES, SUFFIXES, read_articles
from stance.ingest.sentences import sentence_spans

__all__ = [
    "MAX_BYTES",
    "SUFFIXES",
    "detect_language",
    "from_text",
    "read_articles",
    "sentence_spans",
    "with_paragraphs",
]
