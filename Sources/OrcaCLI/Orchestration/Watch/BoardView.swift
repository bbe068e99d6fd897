import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// The board on a terminal.
struct BoardView {
    /// A burst of events is drawn once.
    private static let redrawMS: Int64 = 150
    private static let tickMS: Int64 = 1000

    private let call: ContractCall
    private let run: String

    init(_ call: ContractCall, run: String) {
        self.call = call
        self.run = run
    }

    func show(_ model: inout BoardModel, after: Int64) throws(APIError) -> Int32 {
        let client = try call.base.client()
        let out = call.base.context.out
        let inbox = try EventInbox(EventFollower(client, .init(workspace: call.workspace), after: after))
        defer { inbox.finish() }
        let terminal = try LiveTerminal()
        out.write(ScreenPainter.enter)
        let code: Int32
        do throws(APIError) {
            code = try loop(client, &model, inbox, terminal)
        } catch {
            out.write(ScreenPainter.leave)
            out.flush()
            throw error
        }
        out.write(ScreenPainter.leave)
        if let ended = model.run, ended.status != .running { out.write(BoardFeed.ending(ended)) }
        out.flush()
        return code
    }

    private func loop(
        _ client: any OrcaClient, _ model: inout BoardModel, _ inbox: EventInbox, _ terminal: LiveTerminal
    ) throws(APIError) -> Int32 {
        var painter = ScreenPainter()
        var isStale = false
        var lastRead = call.base.context.now()
        while true {
            if isStale, call.base.context.now() - lastRead >= Self.redrawMS {
                try model.refresh(client, workspace: call.workspace, run: run)
                lastRead = call.base.context.now()
                isStale = false
            }
            draw(model, &painter)
            if let named = model.run, named.status != .running { return BoardWatch.exitCode(named) }
            switch terminal.wait(inbox.descriptor, milliseconds: isStale ? Self.redrawMS : Self.tickMS) {
            case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .key(3), .ended: return 0
            case .resized: painter.reset()
            case .other: isStale = try !inbox.take().isEmpty || isStale
            case .key: break
            // Terminals say nothing of their output; what is shown of it is read again now and then.
            case .nothing: isStale = isStale || !model.workers.isEmpty
            }
        }
    }

    private func draw(_ model: BoardModel, _ painter: inout ScreenPainter) {
        let size = LiveTerminal.size(1)
        let screen = BoardScreen(
            model: model, width: size.width, height: size.height, style: call.base.style,
            now: call.base.context.now(), title: run.isEmpty ? call.workspace : run)
        call.base.context.out.write(painter.paint(screen.lines))
        call.base.context.out.flush()
    }
}
