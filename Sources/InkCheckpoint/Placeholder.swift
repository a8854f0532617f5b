// InkCheckpoint
