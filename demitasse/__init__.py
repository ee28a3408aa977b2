"""Demitasse: one application, one small image, its own JVM."""

import os

__version__ = "0.1.0"

# In a working copy the layers lie beside this folder, and where it is installed, in it.
if not os.path.isdir(os.path.join(__path__[0], "runtime")):
    __path__.append(os.path.dirname(__path__[0]))
