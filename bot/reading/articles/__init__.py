"""What a page says of the article on it: when it was published, who wrote it, its title without the site."""
