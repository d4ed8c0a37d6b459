"""Rendering of templates: expressions are read as Python writes them and computed here; nothing is given to `eval`."""
