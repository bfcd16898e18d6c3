"""Compares the cost of this library with the limit, bare urllib3 and msgspec: `python -m benchmarks`.

`python -m benchmarks.soak` makes thousands of calls to a sandbox that misbehaves.
"""
