// InkTrainingTests
