"""One-class models: trained on good parts only, by distance to a memory of good patches."""
