"""Starting, supervising and checking an installation; nothing here is imported by a request."""
