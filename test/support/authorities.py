"""Certificate authorities of companies: files, folders, old forms."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import ssl
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)
PEM = serialization.Encoding.PEM


class OldAuthority:
    """An authority whose certificate lacks what Python asks for from 3.13 on.

    Args:
        name: Its name.
    """

    def __init__(self, name: str = "Inspection CA") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._signed(
            self._name, self._key.public_key(), [x509.BasicConstraints(ca=True, path_length=None)]
        )

    def write(self, path: Path) -> str:
        """Write its certificate; return the name of the file."""
        path.write_bytes(self.certificate.public_bytes(PEM))
        return str(path)

    def write_folder(self, folder: Path) -> str:
        """Write its certificate into a folder, under the name by which OpenSSL looks for it."""
        folder.mkdir(exist_ok=True)
        name = [x509.NameAttribute(part.oid, str(part.value).lower()) for part in self.certificate.subject]
        parts = x509.Name(name).public_bytes()[2:]  # without the head of the sequence
        digest = hashlib.sha1(parts, usedforsecurity=False).digest()[:4]
        self.write(folder / f"{int.from_bytes(digest, 'little'):08x}.0")
        return str(folder)

    def server(self, path: Path, days: int = 10, address: str = "127.0.0.1") -> ssl.SSLContext:
        """Return the TLS settings of a server with a certificate of this authority.

        Args:
            path: Where its certificate and key are written.
            days: How long it is good; negative where that is over.
            address: Whose it is.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        certificate = self._signed(x509.Name([]), key.public_key(), [names], days)
        secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(certificate.public_bytes(PEM) + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _signed(
        self, subject: x509.Name, key: Any, extensions: list[Any], days: int = 10
    ) -> x509.Certificate:
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 100 * DAY)
            .not_valid_after(NOW + days * DAY)
        )
        for extension in extensions:
            made = made.add_extension(extension, critical=False)
        return made.sign(self._key, hashes.SHA256())
