package import OrcaAPI
import OrcaSupport

/// Plan files: reading with every complaint at once, and writing.
package enum PlanFile {
    /// Reads a plan. `fileName` is for messages, and gives the plan its name when it has none.
    ///
    /// Throws `PlanError` with one diagnostic per mistake; nothing is guessed.
    package static func read(
        _ bytes: [UInt8], fileName: String, format: PlanFormat? = nil
    ) throws(PlanError) -> OrcaV1.Plan {
        let source: SourceText
        do throws(PlanDiagnostic) {
            source = try SourceText(bytes)
        } catch {
            throw PlanError(file: fileName, [error])
        }
        var decoder = PlanDecoder()
        var complaints: [PlanDiagnostic] = []
        let root: PlanNode?
        do throws(PlanDiagnostic) {
            switch format ?? PlanFormat(fileName: fileName) {
            case .yaml: root = try YAMLReader.read(source.bytes)
            case .json: root = try JSONPlanReader.read(source)
            case .markdown:
                let read = MarkdownReader.read(source)
                root = read.node
                complaints = read.diagnostics
            }
        } catch {
            throw PlanError(file: fileName, [error])
        }
        let plan = decoder.plan(root, defaultName: stem(fileName))
        complaints += decoder.diagnostics
        complaints += PlanGraphCheck.run(plan, decoder.places)
        if !complaints.isEmpty { throw PlanError(file: fileName, complaints) }
        return plan
    }

    /// Writes a plan so that `read` gives it back.
    package static func write(_ plan: OrcaV1.Plan, as format: PlanFormat) -> String {
        let node = PlanEncoder.node(plan)
        switch format {
        case .yaml: return YAMLWriter.text(node)
        case .json: return JSONPlanWriter.text(node)
        case .markdown: return MarkdownWriter.text(plan)
        }
    }

    /// `plan` of `docs/plan.yaml`.
    private static func stem(_ fileName: String) -> String {
        let name = Files.split(fileName).name
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name == "-" ? "plan" : name }
        return String(name[..<dot])
    }
}
