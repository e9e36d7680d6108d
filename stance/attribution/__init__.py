"""Who said what: token labels, decoding, linking, names, speakers."""
