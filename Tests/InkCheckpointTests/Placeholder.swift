// InkCheckpointTests
