// A worker: claims ready tasks of a project one after the other, keeps its lease alive while it works, and completes them.
//
//     swift run orca-example-worker PROJECT [COUNT]
//
// With COUNT it stops after that many tasks, without it never.

await ExampleWorker.main(CommandLine.arguments)
