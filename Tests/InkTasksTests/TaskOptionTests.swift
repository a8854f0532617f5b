import InkSupport
import InkTasks
import Testing

@Suite struct TaskOptionTests {
    @Test func theSettingsOfADataSetReplaceTheTasksOwn() throws {
        for preset in TaskPreset.all {
            #expect(TaskPreset.named(preset.name) == preset)
            #expect(TaskName(rawValue: preset.name) == nil, "a name that means two things")
        }
        #expect(TaskPreset.named("nothing") == nil)
    }

    @Test(arguments: TaskName.allCases)
    func everyTaskSpeaksForItself(task: TaskName) {
        #expect(task.profile.summary.hasSuffix("."))
        #expect(!task.profile.dataForms.isEmpty && task.profile.dataForms.allSatisfy { !$0.example.isEmpty })
        #expect(!task.profile.measures.isEmpty && !task.profile.itemName.isEmpty)
        for fromScratch in [true, false] {
            let defaults = task.defaults(fromScratch: fromScratch)
            #expect(defaults.learningRate > 0 && defaults.batchSize > 0 && defaults.epochs > 0)
            #expect(task.profile.measures.localizedStandardContains(defaults.selection.measure))
        }
        for option in task.options where !option.values.isEmpty {
            #expect(option.values.contains(option.fallback), "\(option.name)")
        }
    }
}
