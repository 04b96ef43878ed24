"""Dated rule packs and the engine that says which right each rule gives, to which facts, and which rule won."""
