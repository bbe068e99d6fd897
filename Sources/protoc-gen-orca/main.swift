import Glibc
import OrcaProtobuf
import ProtocGenerator

exit(runPlugin())
