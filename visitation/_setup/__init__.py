"""Set-up of a checkout, standard library only."""
