// InkTraining
