"""What is run by hand, to make what the repository carries."""
