"""What conversations ask of others: what words are bad, what a file really is, who is there."""
