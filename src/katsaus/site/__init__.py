"""The pages as one static tree: staged beside the old site, swapped in whole."""
