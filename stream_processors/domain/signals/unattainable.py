"""What a test cannot give: no boundary of this design has the error probability that was asked for."""


class Unattainable(ValueError):
    """No critical value exists for this design; the text says what to change."""
