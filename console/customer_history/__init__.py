"""Who saw, changed, merged, deleted a customer: by right, with before and after."""
