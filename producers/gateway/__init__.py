"""The REST gateway and the web form: events come in over HTTP and are answered for when they are on disk."""
