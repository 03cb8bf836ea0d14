"""The CRM and its screens, one folder a capability."""
