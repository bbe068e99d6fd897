import Glibc

/// The place of the process that will run model-written code. Until the sandbox stands it runs nothing: it fails closed.
@main
enum OrcaSandbox {
    static func main() {
        let message = Array("orca-sandbox: this version of Orca does not run scripts yet.\n".utf8)
        _ = write(STDERR_FILENO, message, message.count)
        exit(6)
    }
}
