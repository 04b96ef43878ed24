"""Floor 3: who is served. People, companies, dealers and direct users, with their contacts and sites."""
