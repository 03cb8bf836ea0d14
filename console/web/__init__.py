"""What every screen stands on: sessions, permissions, CSRF, errors, forms, languages, files."""
