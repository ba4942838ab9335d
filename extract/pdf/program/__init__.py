"""Page programs as they are written: their operations with what they work on."""
