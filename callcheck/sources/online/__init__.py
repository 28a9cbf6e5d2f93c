"""What do other machines answer? Nothing here is imported, and nothing sent, without `--online`."""
