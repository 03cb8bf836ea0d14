"""National and business numbers that gave way when two customers were made one."""
