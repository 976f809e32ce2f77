"""How the data files of this folder were made; nobody needs these to use Signpost."""
