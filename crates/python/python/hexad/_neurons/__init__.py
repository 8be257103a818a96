"""What `hexad.neurons` is made of."""
