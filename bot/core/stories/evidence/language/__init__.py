"""What is known of a word by itself, in any language: its number, how it sounds as a name, whose small word it is."""
