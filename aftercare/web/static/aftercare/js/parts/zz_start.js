// Last part: dress the page once everything is declared.
dress(document);
