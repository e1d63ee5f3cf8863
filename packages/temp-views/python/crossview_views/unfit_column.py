"""Says which column a library could not take."""

from crossview_session import CrossviewError


def naming(view, table, library, convert):
    """``convert(table)``; when it fails, the first column that fails by itself is named.

    Raises:
        CrossviewError: ``VIEW_TYPE_UNSUPPORTED`` with the library's own words.
    """
    try:
        return convert(table)
    except (MemoryError, ImportError):
        raise
    except Exception as error:
        for index, field in enumerate(table.schema):
            try:
                convert(table.select([index]))
            except Exception as reason:
                raise CrossviewError(
                    "VIEW_TYPE_UNSUPPORTED",
                    f'Column "{field.name}" of view "{view}" is {field.type}, which {library} cannot take: {reason}.',
                    f'Cast it where the view is made, or leave it out: views["{view}"].arrow().drop_columns(["{field.name}"]).',
                    {"view": view, "column": field.name, "type": str(field.type)},
                ) from error
        raise
