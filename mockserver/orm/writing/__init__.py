"""Create, write and unlink: values, commands, constraints and recomputation."""
