"""XML-RPC, JSON-RPC and JSON-2."""
