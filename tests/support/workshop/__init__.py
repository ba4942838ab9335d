"""The workshop: draws logical indicator tables as documents and says what must be read of them.

A notice (:mod:`.logical`) is laid out as a grid of spans (:mod:`.layout`, :mod:`.grid`), drawn in a
format (:mod:`.draw`) and compared with what reading and normalization make of it
(:mod:`.reading`). Everything is deterministic: the same notice gives the same bytes of text.
"""
