// InkTensorTests
