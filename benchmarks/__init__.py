"""Our own cost, beside the limit: bare urllib3 and msgspec. Run `python -m benchmarks`.

And calls by the thousand on bad days: `python -m benchmarks.soak`.
"""
