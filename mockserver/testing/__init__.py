"""What a test author holds: the journal, faults, overrides, the clock, and state to come back to."""
