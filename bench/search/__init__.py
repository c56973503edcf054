"""How good the search is: judged questions over invented articles, nDCG@10 beside two plain ways to search."""
