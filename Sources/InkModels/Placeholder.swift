// InkModels
