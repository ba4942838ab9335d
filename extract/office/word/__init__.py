"""What WordprocessingML shows: effective styles, numbering, fields, formulas, symbols."""
