"""What an officer's desk asks for beyond the commands: the year so far, and decisions written."""
