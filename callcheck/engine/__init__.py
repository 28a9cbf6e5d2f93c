"""From facts to a ranked diagnosis: load the rules, match them, rank the causes."""
