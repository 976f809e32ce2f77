"""The long proofs: `python -m tests.drills` lists them."""
