"""Recordings of real servers, replayed against ours."""
