"""Results for people and for files: tables, HTML pages, JSONL, CSV, Parquet."""

from stance.report.html import article_html, page_html
from stance.report.table import print_table
from stance.report.writers import FORMATS, write_results

__all__ = ["FORMATS", "article_html", "page_html", "print_table", "write_results"]
