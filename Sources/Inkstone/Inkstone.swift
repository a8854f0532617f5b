// One import for those who use Inkstone as a package.
@_exported import InkCheckpoint
@_exported import InkCorpus
@_exported import InkModels
@_exported import InkSupport
@_exported import InkTasks
@_exported import InkTensor
@_exported import InkText
@_exported import InkTraining
