"""Tests of `stance.ingest`."""
