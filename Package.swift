// swift-tools-version: 6.2
import PackageDescription

// The order of the targets below is the layer order of docs/ARCHITECTURE.md: a target may only depend
// on targets above it in this file. `Tests/TidyTests` fails on an import that points the other way.

let strict = Context.environment["ORCA_STRICT"] == "1"

let swift: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swift)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["OrcaTestKit"], exclude: exclude, swiftSettings: swift)
}

func tool(_ name: String, _ dependencies: [Target.Dependency], static isStatic: Bool = false) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: swift,
        linkerSettings: isStatic
            ? [
                // Nothing to load at start: a call of `orca` takes a third of the time. Host names are looked up by
                // getent(1), because such a program has no name service of its own.
                .unsafeFlags(["-static-executable"]),
                .unsafeFlags(["-Xlinker", "-s"], .when(configuration: .release)),
            ] : [])
}

let package = Package(
    name: "orca",
    products: [
        .executable(name: "orca", targets: ["orca"]),
        .executable(name: "orcad", targets: ["orcad"]),
        .executable(name: "orca-sandbox", targets: ["orca-sandbox"]),
        // Loaded by whoever wants gRPC, linked by nobody; see CGRPC.
        .library(name: "orca-grpc", type: .dynamic, targets: ["CGRPCShim"]),
        .library(name: "OrcaConnect", targets: ["OrcaConnect", "OrcaAPI"]),
    ],
    targets: [
        // C libraries, each behind a plain C header.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CCMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
        .systemLibrary(
            name: "CJavaScriptCore", pkgConfig: "javascriptcoregtk-4.1",
            providers: [.apt(["libjavascriptcoregtk-4.1-dev"])]),
        .target(name: "CLinux"),
        .target(name: "CSandbox", dependencies: ["CJavaScriptCore"]),
        .target(name: "CHTTPShim"),
        .target(name: "CTLS", dependencies: ["COpenSSL"]),
        .target(name: "CClaimReplay", dependencies: ["CSQLite", "CPostgres"]),
        .target(name: "CGRPC"),
        // No pkgConfig for grpc++: SwiftPM would expand what it requires 165,286 times, and fail to link.
        .target(
            name: "CGRPCShim", dependencies: ["CGRPC"],
            linkerSettings: ["grpc++", "grpc", "gpr", "absl_synchronization"].map { .linkedLibrary($0) }),

        // 0
        target("OrcaSupport", ["CLinux"]),
        target("OrcaProtobuf", ["OrcaSupport"]),
        target("OrcaTLS", ["CTLS", "OrcaSupport"]),
        // 1
        target("OrcaDomain"),
        // 2
        target("OrcaStore", ["OrcaDomain", "OrcaSupport"]),
        target("OrcaSQL", ["OrcaStore", "OrcaDomain", "OrcaSupport"]),
        target("OrcaSQLite", ["OrcaSQL", "OrcaStore", "OrcaDomain", "OrcaSupport", "CSQLite"]),
        target("OrcaPostgres", ["OrcaSQL", "OrcaStore", "OrcaDomain", "OrcaSupport", "CPostgres"]),
        target("OrcaGit", ["OrcaSupport"]),
        target("OrcaAgents", ["OrcaSupport"]),
        target("OrcaCheckout", ["OrcaGit", "OrcaSupport", "CYAML"]),
        target("OrcaTerminal", ["OrcaSupport"]),
        target("OrcaTmux", ["OrcaTerminal", "OrcaDomain", "OrcaSupport", "CLinux"]),
        // 3
        target("OrcaEngine", ["OrcaStore", "OrcaDomain", "OrcaSupport"]),
        target("OrcaAPI", ["OrcaDomain", "OrcaProtobuf", "OrcaSupport"]),
        // 4
        target("OrcaCode", ["OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport"]),
        target(
            "OrcaRuntime",
            [
                "CNettle", "OrcaCode", "OrcaAgents", "OrcaCheckout", "OrcaTerminal", "OrcaEngine", "OrcaAPI",
                "OrcaStore",
                "OrcaDomain", "OrcaProtobuf", "OrcaSupport",
            ]),
        // 5
        target("OrcaHTTP", ["OrcaTLS", "OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport", "CHTTPShim"]),
        target("OrcaConnect", ["OrcaTLS", "OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport", "CLinux"]),
        target("OrcaMCP", ["OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport"]),
        target("OrcaPlan", ["OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport", "CYAML", "CCMark"]),
        target("OrcaInProcess", ["OrcaConnect", "OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport"]),
        target(
            "OrcaGRPC",
            ["OrcaHTTP", "OrcaConnect", "OrcaTLS", "OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport", "CGRPC"]),
        // 6
        target(
            "OrcaWorker", ["OrcaConnect", "OrcaGit", "OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport"]),
        target(
            "OrcaCLI",
            [
                "OrcaWorker", "OrcaPlan", "OrcaMCP", "OrcaConnect", "OrcaGit", "OrcaAgents", "OrcaAPI", "OrcaDomain",
                "OrcaProtobuf",
                "OrcaSupport", "CLinux",
            ]),
        target(
            "OrcaDaemon",
            [
                "OrcaMCP", "OrcaAgents", "OrcaCode", "OrcaCheckout", "OrcaTmux", "OrcaTerminal", "OrcaHTTP", "OrcaGRPC",
                "OrcaTLS",
                "OrcaRuntime", "OrcaEngine",
                "OrcaSQLite", "OrcaPostgres",
                "OrcaSQL", "OrcaStore", "OrcaAPI", "OrcaDomain",
                "OrcaProtobuf", "OrcaSupport",
            ]),
        // 7
        tool("orca", ["OrcaCLI"], static: true),
        tool("orcad", ["OrcaDaemon"]),
        tool("orca-sandbox", ["CSandbox"]),

        // What a program of somebody else's looks like.
        .executableTarget(
            name: "orca-example-worker", dependencies: ["OrcaConnect", "OrcaAPI"], path: "clients/swift/worker",
            swiftSettings: swift),

        // Tools of the house: code generator, simulator, benchmarks.
        target("ProtocGenerator", ["OrcaDomain", "OrcaProtobuf", "OrcaSupport"]),
        tool("protoc-gen-orca", ["ProtocGenerator"]),
        target(
            "OrcaSimulation",
            ["OrcaEngine", "OrcaSQLite", "OrcaSQL", "OrcaStore", "OrcaDomain", "OrcaSupport"]),
        tool("orca-sim", ["OrcaSimulation"]),
        // The library of gRPC alone, to hold the server against.
        .executableTarget(
            name: "orca-bench-grpc",
            linkerSettings: ["grpc++", "grpc", "gpr", "absl_synchronization"].map { .linkedLibrary($0) }),
        tool(
            "orca-bench",
            [
                "CClaimReplay", "OrcaGRPC", "OrcaInProcess", "OrcaHTTP", "OrcaConnect", "OrcaEngine", "OrcaSQLite",
                "OrcaPostgres", "OrcaSQL", "OrcaStore",
                "OrcaAPI",
                "OrcaDomain", "OrcaProtobuf", "OrcaSupport",
            ]),

        // Tests.
        target(
            "OrcaTestKit",
            [
                "OrcaRuntime", "OrcaConnect", "OrcaEngine", "OrcaSQLite", "OrcaPostgres", "OrcaSQL", "OrcaStore",
                "OrcaAPI",
                "OrcaDomain", "OrcaProtobuf", "OrcaTmux", "OrcaTerminal", "OrcaSupport",
            ]),
        tests("OrcaSupportTests", ["OrcaSupport"]),
        tests(
            "OrcaProtobufTests", ["OrcaProtobuf", "ProtocGenerator", "OrcaAPI", "OrcaDomain", "OrcaSupport"],
            exclude: ["Protos", "oracle.py"]),
        tests("OrcaTLSTests", ["OrcaTLS", "OrcaSupport"]),
        tests("OrcaDomainTests", ["OrcaDomain"]),
        tests(
            "OrcaStoreTests",
            [
                "OrcaSimulation", "OrcaEngine", "OrcaStore", "OrcaSQL", "OrcaSQLite", "OrcaPostgres", "OrcaDomain",
                "OrcaSupport",
            ]),
        tests(
            "OrcaEngineTests",
            ["OrcaSimulation", "OrcaEngine", "OrcaSQLite", "OrcaSQL", "OrcaStore", "OrcaDomain", "OrcaSupport"]),
        tests(
            "OrcaRuntimeTests",
            [
                "OrcaRuntime", "OrcaEngine", "OrcaSQLite", "OrcaPostgres", "OrcaSQL", "OrcaStore", "OrcaAPI",
                "OrcaProtobuf", "OrcaDomain", "OrcaSupport",
            ]),
        tests("OrcaGitTests", ["OrcaGit", "OrcaSupport"]),
        tests("OrcaAgentsTests", ["OrcaAgents", "OrcaSupport"]),
        tests("OrcaCheckoutTests", ["OrcaCheckout", "OrcaGit", "OrcaSupport"]),
        tests("OrcaTerminalTests", ["OrcaTerminal", "OrcaSupport"]),
        tests("OrcaTmuxTests", ["OrcaTmux", "OrcaTerminal", "OrcaSupport"], exclude: ["Fixtures"]),
        tests("OrcaHTTPTests", ["OrcaTLS", "OrcaHTTP", "OrcaAPI", "OrcaProtobuf", "OrcaDomain", "OrcaSupport"]),
        tests(
            "OrcaConnectTests", ["OrcaConnect", "OrcaDaemon", "OrcaAPI", "OrcaProtobuf", "OrcaDomain", "OrcaSupport"]),
        tests(
            "OrcaGRPCTests",
            ["OrcaGRPC", "OrcaHTTP", "OrcaConnect", "OrcaTLS", "OrcaAPI", "OrcaProtobuf", "OrcaDomain", "OrcaSupport"]),
        tests(
            "OrcaTransportTests",
            [
                "OrcaGRPC", "OrcaInProcess", "OrcaHTTP", "OrcaConnect", "OrcaTLS", "OrcaPostgres", "OrcaSQLite",
                "OrcaStore",
                "OrcaAPI", "OrcaProtobuf", "OrcaDomain", "OrcaSupport",
            ]),
        tests("OrcaCodeTests", ["OrcaCode", "OrcaAPI", "OrcaDomain", "OrcaProtobuf", "OrcaSupport"]),
        tests("OrcaMCPTests", ["OrcaMCP", "OrcaAPI", "OrcaProtobuf", "OrcaDomain", "OrcaSupport"]),
        tests("OrcaPlanTests", ["OrcaPlan", "OrcaAPI", "OrcaSupport"]),
        tests(
            "OrcaWorkerTests",
            ["OrcaWorker", "OrcaGit", "OrcaConnect", "OrcaAPI", "OrcaProtobuf", "OrcaDomain", "OrcaSupport"]),
        tests(
            "OrcaCLITests",
            ["OrcaCLI", "OrcaWorker", "OrcaConnect", "OrcaAPI", "OrcaProtobuf", "OrcaDomain", "OrcaSupport"],
            exclude: ["Golden"]),
        tests(
            "OrcaSimulationTests",
            ["OrcaSimulation", "OrcaPostgres", "OrcaSQL", "OrcaSQLite", "OrcaDomain", "OrcaSupport"]),
        tests(
            "EndToEndTests",
            [
                "OrcaSimulation", "OrcaPostgres", "OrcaStore", "OrcaGRPC",
                "OrcaSQLite", "OrcaSQL", "OrcaConnect", "OrcaAgents", "OrcaAPI", "OrcaProtobuf", "OrcaDomain",
                "OrcaSupport",
            ], exclude: ["Fixtures"]),
    ],
    cxxLanguageStandard: .cxx17
)
