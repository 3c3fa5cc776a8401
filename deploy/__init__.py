"""How the product is run: development servers, container images and cluster files; no production code imports it."""
