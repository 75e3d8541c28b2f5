"""Made-up extracts in the shape of the real ones: plausible, consistent, seeded; no figure in them is anyone's."""
