"""fjorten ("fourteen"): a ledger that must balance, so that no child is silently lost by the health clinic."""

__version__ = "0.1.0"
