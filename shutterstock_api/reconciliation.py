"""`Reconciliation`: what `LicenseOutcomeUnknown.reconcile()` returns."""

from shutterstock_api.licensing.outcome_unknown import Reconciliation as Reconciliation

__all__ = ["Reconciliation"]
