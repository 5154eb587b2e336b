"""The language of the pages: bokmål, nynorsk or English, chosen in the head of every page and kept in the browser."""
