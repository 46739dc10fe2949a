"""What a score rests on, sealed: `seal` makes the manifest of a project folder, `verify` recomputes and names what differs."""

from perfeval.sealing.making import seal
from perfeval.sealing.manifest import NAME, SIGNATURE, Seal
from perfeval.sealing.verifying import Verified, verify

__all__ = ["NAME", "SIGNATURE", "Seal", "Verified", "seal", "verify"]
