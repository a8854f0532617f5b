// swift-tools-version: 6.0
import PackageDescription

// Inner loops without optimisation are dozens of times slower, so debug builds optimise them too. The package manager
// takes such flags from the package that is built, not from one that it depends on.
let isDependency = Context.packageDirectory.contains("/checkouts/")
let optimizedC: [CSetting] = isDependency ? [] : [.unsafeFlags(["-O2"], .when(configuration: .debug))]
let optimizedSwift: [SwiftSetting] = isDependency ? [] : [.unsafeFlags(["-O"], .when(configuration: .debug))]

// The rooms, bottom to top. Dependencies point down only; CONTRIBUTING.md says what lives where.
let package = Package(
    name: "Inkstone",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Inkstone", targets: ["Inkstone"]),
        // Single rooms, for what Inkstone does not pass on.
        .library(name: "InkTasks", targets: ["InkTasks"]),
        .library(name: "InkCorpus", targets: ["InkCorpus"]),
        .library(name: "InkText", targets: ["InkText"]),
        .library(name: "InkModels", targets: ["InkModels"]),
        .library(name: "InkTensor", targets: ["InkTensor"]),
        .library(name: "InkSupport", targets: ["InkSupport"]),
        .executable(name: "inkstone", targets: ["InkstoneCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        .target(name: "CInkKernels", cSettings: optimizedC),
        .target(name: "InkSupport", swiftSettings: optimizedSwift),
        .target(name: "InkTensor", dependencies: ["CInkKernels"], swiftSettings: optimizedSwift),
        .target(name: "InkCheckpoint", dependencies: ["InkTensor", "InkSupport"]),
        .target(name: "InkLayers", dependencies: ["InkCheckpoint"]),
        .target(name: "InkText", dependencies: ["InkSupport"], swiftSettings: optimizedSwift),
        .target(name: "InkModels", dependencies: ["InkLayers"]),
        .target(name: "InkTraining", dependencies: ["InkModels", "InkText"]),
        .target(name: "InkTasks", dependencies: ["InkTraining"]),
        .target(name: "InkSystem", dependencies: ["InkSupport"]),
        .target(name: "InkCorpus", dependencies: ["InkTasks", "InkText", "InkSystem", "InkSupport"]),
        .target(name: "Inkstone", dependencies: ["InkTasks", "InkCorpus"]),
        .executableTarget(
            name: "InkstoneCommand",
            dependencies: [
                "Inkstone", "InkCorpus", "InkTasks", "InkTraining", "InkText", "InkModels", "InkLayers",
                "InkCheckpoint",
                "InkTensor", "InkSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ]),
        .target(name: "InkTestSupport", dependencies: ["InkTensor"], path: "Tests/InkTestSupport"),
        .testTarget(name: "InkSupportTests", dependencies: ["InkSupport", "InkTestSupport"]),
        .testTarget(
            name: "InkTensorTests", dependencies: ["InkTensor", "CInkKernels", "InkCheckpoint", "InkTestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(name: "InkLayersTests", dependencies: ["InkLayers", "InkTestSupport"], exclude: ["Fixtures"]),
        .testTarget(
            name: "InkCheckpointTests", dependencies: ["InkCheckpoint", "InkTestSupport"], exclude: ["Fixtures"]),
        .testTarget(
            name: "InkTextTests", dependencies: ["InkText", "InkSupport", "InkTestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "InkModelsTests", dependencies: ["InkModels", "InkTestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "InkTrainingTests", dependencies: ["InkTraining", "InkTestSupport"]),
        .testTarget(name: "InkTasksTests", dependencies: ["InkTasks", "InkTestSupport"], exclude: ["Fixtures"]),
        .testTarget(
            name: "InkCorpusTests", dependencies: ["InkCorpus", "InkSystem", "InkText", "InkSupport", "InkTestSupport"]),
        .testTarget(name: "InkstoneTests", dependencies: ["Inkstone", "InkstoneCommand", "InkTestSupport"]),
    ]
)
