"""The store: engine, migrations, search, paging. It knows no capability."""
