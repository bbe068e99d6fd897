package import OrcaDomain

package protocol DependencyCollection {
    /// What a task waits for, in the order it was said.
    func dependencies(of task: TaskID) throws -> [Dependency]
    /// Who waits for a task.
    func dependents(of task: TaskID, limit: Int) throws -> [Dependency]
    func find(task: TaskID, dependsOn: TaskID) throws -> Dependency?
    func edges(in project: ProjectID, limit: Int) throws -> [Dependency]
}

package protocol DependencyWriting {
    func insert(_ dependency: Dependency) throws
    func setPolicy(_ dependency: Dependency) throws
    func delete(_ dependency: Dependency) throws
}
