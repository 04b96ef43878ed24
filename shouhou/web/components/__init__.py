"""The components of the product. `templatetags/ui.py` hands them to every template; `/styleguide` shows them.

Leaves (`{% tag … %}`) are put together in Python, cheap enough for each row of a list. Containers
(`{% card … %}…{% endcard %}`) are a template of the same name in `templates/components/`.

A new leaf: a function with `@register.simple_tag`. A new container: a template, and a function with
`@register.simple_block_tag` that calls `component`. Then a specimen in `templates/styleguide/`.
"""
