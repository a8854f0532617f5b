// InkModelsTests
