"""Long tests use the portal of the slice tests."""

from tests.slices.conftest import app, clean_portal, indexed, loaded_plugins

__all__ = ["app", "clean_portal", "indexed", "loaded_plugins"]
