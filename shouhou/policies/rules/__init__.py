"""The engine. Pure: facts and rules go in, a verdict with its whole trace comes out; no clock, no file, no database."""
