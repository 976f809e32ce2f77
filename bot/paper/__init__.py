"""What goes out on paper or as a file; a person reads it, or another system takes it in."""
