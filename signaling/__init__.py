"""Live calls: who is present, offers and answers, state to everyone, officers' interventions."""
