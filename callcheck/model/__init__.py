"""The nouns every other room speaks: facts, evidence, rules, diagnoses, errors."""
