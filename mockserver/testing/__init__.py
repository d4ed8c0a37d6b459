"""The test kit: the journal, faults, overrides, the clock, snapshots, transports without a socket."""
