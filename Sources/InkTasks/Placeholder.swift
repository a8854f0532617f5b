// InkTasks
