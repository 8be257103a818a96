"""What `hexad.waves` is made of."""
