import Glibc
import OrcaAPI
import OrcaDomain
import OrcaSupport

/// The terminal of this process while a full-screen view is shown: keys come at once and are not echoed.
final class LiveTerminal {
    private var saved = termios()
    private let signals: SignalPipe

    /// Throws when standard input is no terminal.
    init() throws(APIError) {
        guard tcgetattr(0, &saved) == 0 else {
            throw APIError(
                "no_terminal", .invalidArgument, "A live view needs a terminal. Without one, take 'orca event watch'.")
        }
        do throws(SystemError) {
            signals = try SignalPipe([SIGWINCH, SIGINT, SIGTERM, SIGHUP])
        } catch {
            throw APIError("no_terminal", .internal, "\(error.description). Try again.")
        }
        var raw = saved
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(0, TCSANOW, &raw)
    }

    deinit { tcsetattr(0, TCSANOW, &saved) }

    /// Columns and lines; 80 by 24 when the terminal does not say.
    static func size(_ descriptor: Int32) -> (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    enum Input { case key(UInt8), resized, ended, other, nothing }

    /// Waits for a key, a signal or `other` to become readable; `nothing` when the time is over.
    func wait(_ other: Int32, milliseconds: Int64) -> Input {
        let ready = Poll.readable([signals.descriptor, 0, other], until: .after(.milliseconds(milliseconds)))
        if ready.contains(0), let signal = signals.next(until: .now) { return signal == SIGWINCH ? .resized : .ended }
        if ready.contains(1) {
            var byte: UInt8 = 0
            return read(0, &byte, 1) == 1 ? .key(byte) : .ended
        }
        return ready.contains(2) ? .other : .nothing
    }
}
