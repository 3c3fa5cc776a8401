"""What may be published of counts."""
