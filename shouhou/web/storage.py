"""Static files under names that carry their hash, so that a browser may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Modules that import one another do so by their hashed names, too: a page never mixes two versions of them."""

    support_js_module_import_aggregation = True
