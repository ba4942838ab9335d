"""What several rooms need and none of them owns; nothing here knows an indicator."""
