"""Messages, letters and faxes to many customers, by the programs of who writes."""
