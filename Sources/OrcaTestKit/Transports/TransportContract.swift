package import OrcaStore

/// What every transport must do: the same answers, errors and orders as the performer gives without one.
package enum TransportContract {
    package enum Case: String, Sendable, CaseIterable {
        case everythingIsCreatedReadChangedAndListed
        case pagesAreCompleteAndInOrder
        case errorsAreToldWhole
        case aTokenCountsUntilItEndsOrIsTakenBack
        case aKeyIsDoneOnce
        case oneClaimWins
        case aLeaseExpires
        case aGraphIsWorkedOffInOrder
        case aStreamIsResumedWithoutGaps
        case whoGivesUpIsNotServedAnyMore
        case aDeadlineEndsACall
        case whatIsTooLargeIsRefused
        case largeTextsOfAllKindsArrive
        case aSlowReaderHoldsUpNobody
        case aRestartedServerIsFoundAgain
    }

    /// What a case saw, line by line: over every transport the same. Throws `ContractBreach` when the transport does not do
    /// what it must. The store is fresh and its caller's to close.
    package static func check(
        _ part: Case, over transport: any Transport, on store: any Store
    ) async throws -> [String] {
        let rig = try await TransportRig(transport, on: store)
        do {
            let transcript = try await run(part, rig)
            await rig.down()
            return transcript.lines
        } catch {
            await rig.down()
            throw error
        }
    }

    private static func run(_ part: Case, _ rig: TransportRig) async throws -> Transcript {
        switch part {
        case .everythingIsCreatedReadChangedAndListed: try await offPool { try crud(rig) }
        case .pagesAreCompleteAndInOrder: try await offPool { try pages(rig) }
        case .errorsAreToldWhole: try await offPool { try errors(rig) }
        case .aTokenCountsUntilItEndsOrIsTakenBack: try await offPool { try tokens(rig) }
        case .aKeyIsDoneOnce: try await offPool { try keys(rig) }
        case .oneClaimWins: try await claimRace(rig)
        case .aLeaseExpires: try await expiry(rig)
        case .aGraphIsWorkedOffInOrder: try await offPool { try graph(rig) }
        case .aStreamIsResumedWithoutGaps: try await offPool { try streams(rig) }
        case .whoGivesUpIsNotServedAnyMore: try await givingUp(rig)
        case .aDeadlineEndsACall: try await deadline(rig)
        case .whatIsTooLargeIsRefused: try await offPool { try limits(rig) }
        case .largeTextsOfAllKindsArrive: try await offPool { try texts(rig) }
        case .aSlowReaderHoldsUpNobody: try await offPool { try slowReader(rig) }
        case .aRestartedServerIsFoundAgain: try await restart(rig)
        }
    }
}
