"""What is tested here needs packages that only `tox -e telemetry` has."""

from importlib.util import find_spec

PACKAGES = ("opentelemetry", "prometheus_client")

collect_ignore_glob = [] if all(map(find_spec, PACKAGES)) else ["test_*.py"]
