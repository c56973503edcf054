"""How well the article is found in web pages: pages made for the purpose, whose text is known."""
