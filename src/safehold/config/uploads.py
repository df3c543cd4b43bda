"""Files that no page asked for."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class Refusing(FileUploadHandler):
    """Read a file to its end and keep nothing: Django's own handlers write to the disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Pass the file by."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep nothing."""

    def file_complete(self, file_size: int) -> None:
        """Give nothing back."""
