/// Texts and their ids as a trie over Unicode scalars.
///
/// Scalars that occur in a text have a code from 1; edges from the root stand in an array by code, all others in a hash
/// table.
struct PieceTrie: Sendable {
    /// What an edge leads to: a node, 0 when nothing goes on from there, and the id of the text that ends there, or -1.
    struct Step: Sendable {
        var node: UInt32
        var id: Int32

        static let none = Step(node: 0, id: -1)
    }

    private var codes = ScalarTable(usual: 0)
    private var roots: [Step] = [.none]
    private var edges: EdgeTable
    private var nodeCount: UInt32 = 0

    init(expectedCount: Int) { edges = EdgeTable(expectedCount: expectedCount * 2) }

    /// The code of a scalar; 0 when no text holds it.
    @inline(__always)
    func code(of scalar: Unicode.Scalar) -> UInt32 { codes[scalar] }

    /// Codes run from 1 to below this.
    var codeLimit: Int { roots.count }

    /// The step for the first scalar of a text.
    @inline(__always)
    func first(_ code: UInt32) -> Step { roots[Int(code)] }

    /// The step for a further scalar, from a node other than 0.
    @inline(__always)
    func next(_ node: UInt32, _ code: UInt32) -> Step? {
        edges.find(node, code).map { Step(node: $0.target, id: $0.payload) }
    }

    /// Gives the text, which must not be empty, an id; one that it had is returned.
    @discardableResult
    mutating func insert(_ text: String, id: Int32) -> Int32? {
        var scalars = text.unicodeScalars.makeIterator()
        guard let initial = scalars.next() else { return nil }
        let first = addCode(initial)
        var path = (node: UInt32(0), code: first)
        var step = roots[Int(first)]
        while let scalar = scalars.next() {
            let code = addCode(scalar)
            if step.node == 0 {
                nodeCount += 1
                step.node = nodeCount
                set(path, step)
            }
            path = (step.node, code)
            step = next(step.node, code) ?? .none
        }
        let earlier = step.id
        step.id = id
        set(path, step)
        return earlier >= 0 ? earlier : nil
    }

    /// The id of a text, or nil.
    func id(of text: String) -> Int32? {
        var step: Step?
        for scalar in text.unicodeScalars {
            let code = codes[scalar]
            guard code != 0 else { return nil }
            if let current = step {
                guard current.node != 0, let following = next(current.node, code) else { return nil }
                step = following
            } else {
                step = roots[Int(code)]
            }
        }
        return step.flatMap { $0.id >= 0 ? $0.id : nil }
    }

    private mutating func addCode(_ scalar: Unicode.Scalar) -> UInt32 {
        let known = codes[scalar]
        if known != 0 { return known }
        let code = UInt32(roots.count)
        codes[scalar] = code
        roots.append(.none)
        return code
    }

    private mutating func set(_ path: (node: UInt32, code: UInt32), _ step: Step) {
        if path.node == 0 {
            roots[Int(path.code)] = step
        } else {
            edges.set(path.node, path.code, target: step.node, payload: step.id)
        }
    }
}
