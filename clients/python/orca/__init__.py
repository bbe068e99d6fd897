"""A client of the Orca API over gRPC.

The messages and services are generated from the protos into `orca.v1`; here is what a generator cannot know: how to connect,
who asks, keys that make writes repeatable, and errors with their codes.
"""

from orca.client import Client, OrcaError, error_of

__all__ = ["Client", "OrcaError", "error_of"]
