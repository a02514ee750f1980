"""Long tests use the portal of the slice tests."""

from tests.slices.conftest import _replaced, app, beginning, clean_portal, indexed, loaded_plugins

__all__ = ["_replaced", "app", "beginning", "clean_portal", "indexed", "loaded_plugins"]
