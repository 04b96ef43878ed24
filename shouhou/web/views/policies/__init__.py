"""Rules and promises: read by everybody, the company's own proposed and approved at the headquarters."""
