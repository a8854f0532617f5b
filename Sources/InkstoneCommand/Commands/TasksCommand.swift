import ArgumentParser
import Foundation
import InkSupport
import InkTasks

/// `inkstone tasks`: what can be fine-tuned, and how the data look.
struct TasksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: "List the tasks with an example of their data.",
        discussion: """
            Example:
              inkstone tasks
              inkstone tasks tagging
            """)

    @Argument(help: ArgumentHelp("One task only.", valueName: "name"))
    var name: TaskName?

    @Flag(name: .long, help: "One JSON array.")
    var json = false

    func run() throws {
        let tasks = name.map { [$0] } ?? TaskName.allCases
        let results = ResultWriter()
        if json {
            try results.line(JSON.array(tasks.map(Self.json)).serialized())
        } else {
            try results.write(tasks.map(Self.text).joined(separator: "\n"))
            if name == nil { try results.write("\n" + Self.presets) }
        }
        try results.flush()
    }

    private static func text(_ task: TaskName) -> String {
        let defaults = task.defaults(fromScratch: false)
        var text = "\(task.rawValue)\n  \(task.profile.summary)\n"
        for form in task.profile.dataForms {
            text += "  \(form.name):\n" + form.example.split(separator: "\n").map { "    \($0)\n" }.joined()
        }
        text += "  measured: \(task.profile.measures); the best checkpoint by \(defaults.selection.measure)\n"
        text +=
            "  defaults: \(settings(defaults.learningRate, defaults.batchSize, defaults.epochs, defaults.maxLength))\n"
        for option in task.options {
            let values = option.values.isEmpty ? "" : " (\(option.values.joined(separator: ", ")))"
            text += "  --task-option \(option.name)=\(option.fallback.isEmpty ? "…" : option.fallback): "
            text += "\(option.meaning)\(values)\n"
        }
        return text
    }

    private static func settings(_ rate: Float, _ batch: Int, _ epochs: Int, _ length: Int) -> String {
        "learning rate \(rate), batch size \(batch), \(epochs) epochs, at most \(length) tokens"
    }

    private static var presets: String {
        var text = "Published data sets with their settings (--task NAME):\n"
        for preset in TaskPreset.all {
            let settings = settings(preset.learningRate, preset.batchSize, preset.epochs, preset.maxLength)
            text += "  \(preset.name.padded(to: 10))\(preset.task.rawValue): \(settings)\n"
        }
        return text
    }

    private static func json(_ task: TaskName) -> JSON {
        let defaults = task.defaults(fromScratch: false)
        return .record([
            "name": .string(task.rawValue), "summary": .string(task.profile.summary),
            "data": .array(
                task.profile.dataForms.map { .record(["form": .string($0.name), "example": .string($0.example)]) }),
            "measures": .string(task.profile.measures),
            "defaults": .record([
                "learningRate": .float(defaults.learningRate), "batchSize": .integer(defaults.batchSize),
                "epochs": .integer(defaults.epochs), "maxLength": .integer(defaults.maxLength),
                "selection": .string(defaults.selection.measure),
            ]),
            "options": .array(
                task.options.map {
                    .record([
                        "name": .string($0.name), "default": .string($0.fallback), "meaning": .string($0.meaning),
                        "values": .strings($0.values),
                    ])
                }),
        ])
    }
}
