"""Deterioration advisory from vital signs: reading charts, features, network, figures."""
