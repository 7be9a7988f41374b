"""Starting, watching, saving and restoring the product."""
