"""Topics, revisions, the event stream and the page cache. Knows no feature; features register with it."""
