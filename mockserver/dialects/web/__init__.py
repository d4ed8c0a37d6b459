"""Routes of the web client: sessions, datasets, files, reports, database pages."""
