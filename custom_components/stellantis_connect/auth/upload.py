"""The uploaded files of a client certificate."""

from collections.abc import Mapping

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .certificate import CertificateError, ClientCertificate, read_client_certificate

CONF_CERTIFICATE_FILE = "certificate_file"
CONF_KEY_FILE = "key_file"
CONF_CA_FILE = "ca_file"


class CertificateUpload:
    """Uploaded files, kept because Home Assistant removes each of them after it was read."""

    def __init__(self) -> None:
        """Initialize the upload without files."""
        self._file_ids: Mapping[str, str] = {}
        self._contents: dict[str, bytes] = {}

    @property
    def file_ids(self) -> dict[str, str]:
        """Return the ids of the last files by their fields, if they are still available."""
        return {
            field: file_id
            for field, file_id in self._file_ids.items()
            if file_id in self._contents
        }

    def read(
        self, hass: HomeAssistant, file_ids: Mapping[str, str], passphrase: str
    ) -> ClientCertificate:
        """Return the client certificate; run this in the executor.

        Raises:
            CertificateError: the files are not available, or cannot be used.

        """
        self._file_ids = file_ids
        certificate, key, ca = (
            self._content(hass, file_ids[field]) if field in file_ids else None
            for field in (CONF_CERTIFICATE_FILE, CONF_KEY_FILE, CONF_CA_FILE)
        )
        return read_client_certificate(
            filter(None, (certificate, key)), ca, passphrase, dt_util.utcnow()
        )

    def _content(self, hass: HomeAssistant, file_id: str) -> bytes:
        if file_id not in self._contents:
            try:
                with process_uploaded_file(hass, file_id) as path:
                    self._contents[file_id] = path.read_bytes()
            except ValueError as err:
                raise CertificateError("upload_again") from err
        return self._contents[file_id]
