"""Native methods of the class library: guest code, and the table that binds it (bindings.py)."""
