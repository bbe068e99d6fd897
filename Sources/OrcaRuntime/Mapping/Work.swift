import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension OrcaV1.Attempt {
    init(_ attempt: Attempt) {
        self.init()
        id = attempt.id.text
        task = attempt.task.text
        taskRef = attempt.taskRef
        number = Int32(clamping: attempt.token)
        agent = attempt.agentName
        agentId = attempt.agent.text
        session = attempt.session
        token = attempt.token
        startedAt = ProtoTimestamp(attempt.startedAt)
        endedAt = attempt.endedAt.map { ProtoTimestamp($0) }
        outcome = Words.api(attempt.outcome)
        error = attempt.error
        result = attempt.result
        branch = attempt.branch
        commit = attempt.commit
        artifacts = attempt.artifacts
        adopted = attempt.isAdopted
        late = attempt.isLate
        progress = attempt.progress
        progressPercent = Int32(attempt.progressPercent)
        progressAt = attempt.progressAt.map { ProtoTimestamp($0) }
        transcript = attempt.transcript
        host = attempt.host
        checks = attempt.checks.map { OrcaV1.ContractCheck($0) }
    }
}

extension OrcaV1.Lease {
    init(_ lease: Lease) {
        self.init()
        id = lease.id.text
        task = lease.task.text
        taskRef = lease.taskRef
        attempt = lease.attempt.text
        agent = lease.agentName
        agentId = lease.agent.text
        token = lease.token
        ttlMs = Int32(clamping: lease.ttlMS)
        acquiredAt = ProtoTimestamp(lease.acquiredAt)
        renewedAt = ProtoTimestamp(lease.renewedAt)
        expiresAt = ProtoTimestamp(lease.expiresAt)
        renewAfter = ProtoTimestamp(lease.renewAfter)
        offered = lease.isOffer
    }
}

extension OrcaV1.ContractItem {
    init(_ item: ContractItem) {
        self.init()
        switch item {
        case .command(let line): requirement = .command(line)
        case .file(let path): requirement = .file(path)
        }
    }

    func item() throws -> ContractItem {
        switch requirement {
        case .command(let line): return .command(line)
        case .file(let path): return .file(path)
        case nil:
            throw DomainError(
                .invalidArgument, "A line of the contract has neither a command nor a file.",
                details: ["field": "contract"])
        }
    }
}

extension OrcaV1.ContractCheck {
    init(_ check: ContractCheck) {
        self.init()
        item = OrcaV1.ContractItem(check.item)
        passed = check.passed
        detail = check.detail
    }

    func check() throws -> ContractCheck {
        guard let item else {
            throw DomainError(
                .invalidArgument, "A check does not say which line of the contract it is about.",
                details: ["field": "checks"])
        }
        return ContractCheck(item: try item.item(), passed: passed, detail: detail)
    }
}

extension OrcaV1.Reason {
    init(_ reason: Reason) {
        self.init()
        code = reason.code
        message = reason.message
        next = reason.next
        details = reason.details
    }
}
