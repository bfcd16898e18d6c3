"""Our own cost, beside the limit: bare urllib3 and msgspec. Run `python -m benchmarks`."""
