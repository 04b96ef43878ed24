"""Floor 4: technicians, what they are qualified for, and when they are away."""
