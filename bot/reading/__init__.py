"""What a text says. Pure: text + roster + setting -> readings; no database, clock, network or settings."""
