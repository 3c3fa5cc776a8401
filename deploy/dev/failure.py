"""What goes wrong with a development server, said in one line."""


class StackError(RuntimeError):
    """A server or its files cannot be used; the message is one line for the person at the terminal."""


class AddressInUse(StackError):
    """Another process took the port between choosing it and listening on it."""
