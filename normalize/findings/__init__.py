"""The catalogue of findings and the ledger that collects them."""
