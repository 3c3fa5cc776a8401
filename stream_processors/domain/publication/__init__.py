"""What may be published of counts: disclosure control of tables, and the guard over the sequence of releases."""
