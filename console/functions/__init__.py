"""What there is, where it is, and by which keys and codes it is used."""
