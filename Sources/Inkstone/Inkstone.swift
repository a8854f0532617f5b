// One import for those who use Inkstone as a package: the types they write down, one by one. Whole rooms are not
// passed on, since their names (Document, Shape, SHA256 …) would enter every file that imports this. What is not here
// comes with `import` of its room.

// Token shards for training of one's own.
@_exported import struct InkCorpus.ShardCursor
@_exported import struct InkCorpus.TokenShards
// What every room hands out.
@_exported import struct InkSupport.InputError
@_exported import class InkSupport.InterruptSignal
// The tasks.
@_exported import struct InkTasks.CandidateRanking
// Their answers.
@_exported import struct InkTasks.Classification
@_exported import struct InkTasks.EntityTyping
@_exported import struct InkTasks.ExtractedAnswer
// Training and using a model for a task.
@_exported import class InkTasks.FineTuning
@_exported import struct InkTasks.FineTuningResult
@_exported import struct InkTasks.FineTuningSettings
// The short ways in.
@_exported import class InkTasks.MaskedText
@_exported import enum InkTasks.ModelChoice
@_exported import struct InkTasks.MultiLabelClassification
@_exported import struct InkTasks.MultipleChoice
@_exported import struct InkTasks.PassageExtraction
@_exported import struct InkTasks.RankedCandidates
@_exported import struct InkTasks.RelationClassification
@_exported import struct InkTasks.SequenceTagging
@_exported import struct InkTasks.TaggedText
@_exported import struct InkTasks.TaskMetrics
@_exported import class InkTasks.TaskModel
@_exported import enum InkTasks.TaskName
@_exported import struct InkTasks.TextClassification
@_exported import class InkTasks.TextClassifier
@_exported import class InkTasks.TextEncoder
@_exported import struct InkTasks.TextSimilarity
@_exported import struct InkTensor.Tensor
// Text.
@_exported import protocol InkText.Tokenizer
@_exported import enum InkText.Tokenizers
@_exported import struct InkText.WordDictionary
@_exported import struct InkText.WordSegmenter
