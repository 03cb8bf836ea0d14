"""The postcode table: an SQLite file of its own, made anew as a whole and never changed."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE streets (
  id INTEGER PRIMARY KEY,
  region TEXT NOT NULL,
  city TEXT NOT NULL,
  quarter TEXT NOT NULL,
  road TEXT NOT NULL,
  building TEXT NOT NULL,
  number TEXT NOT NULL,
  joined TEXT NOT NULL  -- Taiwan: all of it without gaps
);
CREATE TABLE spans (
  street INTEGER NOT NULL,
  postcode TEXT NOT NULL,
  side INTEGER NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  lane TEXT NOT NULL,
  note TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(
  terms, content='', tokenize='unicode61', detail='none', prefix='1 2 3'
);
"""
INDEXES = """
CREATE INDEX spans_street ON spans (street);
CREATE INDEX spans_postcode ON spans (postcode);
"""
# While Korea's 6.4 million buildings are read: sorted by the database, not in memory.
STAGE = "CREATE TABLE points (street INTEGER, side INTEGER, number INTEGER, postcode TEXT)"
