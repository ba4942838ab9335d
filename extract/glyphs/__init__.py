"""What a drawn glyph looks like, held against pictures of the characters it may be."""
