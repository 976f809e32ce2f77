"""Free text to what is meant: knows no policy and no chat."""
