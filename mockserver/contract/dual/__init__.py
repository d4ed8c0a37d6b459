"""A test run with a live server: beside the mock, or alone."""
