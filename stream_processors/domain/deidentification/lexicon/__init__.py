"""What is known of single words before any sentence is read: names, common words, clinical words, places."""
