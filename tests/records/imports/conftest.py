from tests.keys_for_tests import _made_once, keys

__all__ = ["_made_once", "keys"]
