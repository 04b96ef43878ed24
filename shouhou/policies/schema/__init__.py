"""Rule packs as files: read strictly, refused with file, line and reason."""
