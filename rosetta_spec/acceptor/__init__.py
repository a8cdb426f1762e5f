"""Say fast of a document that there is surely nothing to report."""
