// InkTasksTests
