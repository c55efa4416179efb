"""Receive durably, refuse twice, claim in order."""
