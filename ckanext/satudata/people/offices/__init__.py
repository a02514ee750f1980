"""The life of offices: somebody leaves, an organization is renamed, merged or split."""
