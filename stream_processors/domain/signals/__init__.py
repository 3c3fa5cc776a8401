"""Methods that find in pooled counts what no provider can see alone."""
