"""Papers: imported, kept with permanent paragraph ids, readable without any conference."""
