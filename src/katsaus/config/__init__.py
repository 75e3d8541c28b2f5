"""What is published, read from reviews/ and _quarto*.yml into frozen values and refused as a whole when wrong."""
