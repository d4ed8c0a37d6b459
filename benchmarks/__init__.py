"""What `make bench` runs: every figure against a baseline that is measured in the same minute."""
