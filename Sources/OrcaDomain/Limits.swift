/// Every bound of the domain, with its unit in the name. Transports and stores have their own.
package enum Limits {
    package static let nameBytesMax = 128
    package static let workspaceNameBytesMax = 63
    package static let projectKeyBytesMax = 10
    package static let titleBytesMax = 512
    package static let specBytesMax = 1 << 20
    package static let resultBytesMax = 256 << 10
    package static let errorBytesMax = 64 << 10
    package static let progressBytesMax = 4 << 10
    package static let reasonBytesMax = 4 << 10
    package static let textBytesMax = 4 << 10

    package static let tagsMax = 64
    package static let labelsMax = 64
    package static let capabilitiesMax = 64
    package static let contextEntriesMax = 128
    package static let contextKeyBytesMax = 128
    package static let contextValueBytesMax = 16 << 10
    package static let contractItemsMax = 64
    package static let artifactsMax = 256
    package static let dependenciesPerTaskMax = 1_000
    package static let dependentsPerTaskMax = 10_000
    package static let parentDepthMax = 64
    package static let planTasksMax = 10_000

    package static let priorityMin = -1_000
    package static let priorityMax = 1_000
    package static let leaseTTLMinMS: Int64 = 1_000
    /// Leases of dispatched work are renewed by whoever watches the terminals, who looks every few seconds.
    package static let dispatchTTLMinMS: Int64 = 15_000
    package static let leaseTTLMaxMS: Int64 = 86_400_000
    package static let capacityMax = 10_000
    package static let attemptsMax = 1_000
    package static let claimBatchMax = 100
    package static let pageRowsMax = 1_000
    package static let pageRowsDefault = 100
    package static let waitMaxMS: Int64 = 60_000
    package static let questionBytesMax = 16 << 10
    package static let optionsMax = 32
    package static let openGatesPerTaskMax = 32
    package static let gateTimeoutMaxMS: Int64 = 30 * 86_400_000
    package static let promptBytesMax = 2 << 20
    package static let runConcurrentMax = 64
    package static let runTasksMax = 20_000
    package static let runsLiveMax = 64
    /// Servers of one database that are looked at.
    package static let serversMax = 1_000
    /// A server that was not heard of for this long is lost.
    package static let serverLostMS: Int64 = 15_000
    /// Clocks of servers' machines that differ by more than this are worth a word. Nothing goes by them.
    package static let clockSkewMaxMS: Int64 = 2_000
    /// How long a lost server may come back before it is given up, unless the configuration says otherwise.
    package static let serverGivenUpMS: Int64 = 3_600_000
    package static let liveTerminalsMax = 2_000
    package static let terminalTitleMax = 1_024
    package static let terminalCommandBytesMax = 64 << 10
    package static let terminalEnvironmentMax = 256
    package static let terminalsListedDefault = 200
    package static let subjectBytesMax = 1 << 10
    package static let messageBodyBytesMax = 256 << 10
    package static let payloadBytesMax = 64 << 10
    package static let addressBytesMax = 512
    /// Unread messages of one recipient.
    package static let unreadPerRecipientMax = 10_000
    /// Messages handed to one caller at once, and their bytes.
    package static let takenMessagesMax = 500
    package static let takenBytesMax = 4 << 20
    /// How long whoever took mail has to say that it was written out.
    package static let takenMS: Int64 = 15_000
    /// The same for whoever wants to acknowledge it after working on it.
    package static let heldMS: Int64 = 300_000
    package static let pushedMessagesMax = 20
    package static let graphTasksMax = 20_000
    package static let tokenTTLMaxSeconds: Int64 = 365 * 86_400
    /// As many tokens of one name are told apart by their ids when one is to be revoked.
    package static let tokensOfANameMax = 10

    package static let reposMax = 1_000
    package static let worktreesMax = 10_000
    package static let pathBytesMax = 4_096
    package static let commentBytesMax = 16 << 10
    package static let refSearchMax = 1_000
    package static let refSearchDefault = 25
    package static let worktreeListDefault = 200
}
