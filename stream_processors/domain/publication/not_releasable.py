"""What may not be released now; apart from the mathematics, for whoever only has to tell it."""


class NotReleasable(Exception):
    """The calendar, the law or the guard does not allow this release; the message says why, without a count."""
