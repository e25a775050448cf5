"""What care decides: commands and a care file in, facts or a refusal out."""
