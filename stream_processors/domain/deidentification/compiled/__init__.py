"""The search for identifiers in C: the same answers as the modules beside this folder, far faster."""
