"""What is tested here needs packages that only `tox -e once` has."""

from importlib import import_module

try:
    for name in ("opentelemetry.instrumentation.urllib3", "opentelemetry.sdk.trace", "prometheus_client"):
        import_module(name)
except ModuleNotFoundError:
    collect_ignore_glob = ["test_*.py"]
