"""Files, web pages, tables and texts → `Article`s with paragraphs."""

from stance.ingest.counting import count_articles
from stance.ingest.furniture import furniture_rule, is_furniture
from stance.ingest.language import detect_language
from stance.ingest.limits import MAX_BYTES
from stance.ingest.paragraphs import from_text, with_paragraphs
from stance.ingest.readers import SUFFIXES, read_articles
from stance.ingest.sentences import sentence_spans

__all__ = [
    "MAX_BYTES",
    "SUFFIXES",
    "count_articles",
    "detect_language",
    "from_text",
    "furniture_rule",
    "is_furniture",
    "read_articles",
    "sentence_spans",
    "with_paragraphs",
]
